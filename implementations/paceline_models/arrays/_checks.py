"""What every implementation asks of its arguments: one validator, so that all fail alike.

Arrays are float64 NumPy arrays, of any layout and alignment; anything else is a ``TypeError``, a wrong
shape a ``ValueError``, and both name the argument. ``out`` has the answer's shape, can be written, and
shares no memory with the arguments, except that a function of each element may be given an argument itself
(in place). Compiled implementations take C-contiguous aligned arrays: others are copied, and copied back.
"""

from __future__ import annotations

import operator
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Whole = NDArray[np.int64]
Complex = NDArray[np.complex128]
DType = np.dtype[Any]

FLOAT64 = np.dtype(np.float64)
INT64 = np.dtype(np.int64)
COMPLEX128 = np.dtype(np.complex128)
MOST = 2**60 - 1  # float64 elements in as many bytes as there are addresses


def array(name: str, value: Any, ndim: int | None = None, dtype: DType = FLOAT64) -> NDArray[Any]:
    """Return ``value``, an array of float64 (of ``ndim`` dimensions, of ``dtype``), as it is."""
    plain = type(value) is np.ndarray and value.dtype is dtype
    found: NDArray[Any] = value if plain else _typed(name, value, dtype)
    if ndim is not None and found.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension{'s' * (ndim > 1)}, but has shape {found.shape}")
    return found


def contiguous(name: str, value: Any, ndim: int | None = None, dtype: DType = FLOAT64) -> NDArray[Any]:
    """Return ``value``, or a copy of it, that is C-contiguous and aligned."""
    found = array(name, value, ndim, dtype)
    if found.flags.c_contiguous and found.flags.aligned:
        return found
    return np.array(found, order="C")


def same_shape(name: str, value: Any, other: str, model: Array) -> None:
    """Refuse an array whose shape is not that of another argument."""
    if value.shape != model.shape:
        raise ValueError(f"{name} has shape {value.shape}, but {other} has {model.shape}")


def shaped(name: str, value: Any, shape: tuple[int, ...]) -> None:
    """Refuse an array of another shape."""
    if value.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, but has {value.shape}")


def at_least(name: str, value: Any, count: int) -> None:
    """Refuse an array with fewer elements than there must be for an answer."""
    if value.size < count:
        raise ValueError(f"{name} has {value.size} elements, but {count} are needed at least")


def square(name: str, value: Any) -> None:
    """Refuse matrices whose last two dimensions differ."""
    if value.shape[-2] != value.shape[-1]:
        raise ValueError(f"{name} must be square, but has shape {value.shape}")


def chained(name: str, left: Any, other: str, right: Any) -> None:
    """Refuse two matrices that cannot be multiplied."""
    if left.shape[1] != right.shape[0]:
        raise ValueError(
            f"{other} must have {left.shape[1]} rows, as {name} has columns, but has {right.shape[0]}"
        )


def coloured(name: str, value: Any) -> None:
    """Refuse an image that has not three colours last."""
    if value.shape[-1] != 3:
        raise ValueError(f"{name} must have shape (rows, columns, 3), but has {value.shape}")


def layered(x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> None:
    """Refuse two layers that do not fit: (b, i), (i, h), (h,), (h, o), (o,)."""
    chained("x", x, "w1", w1)
    shaped("b1", b1, w1.shape[1:])
    chained("w1", w1, "w2", w2)
    shaped("b2", b2, w2.shape[1:])


def finite(name: str, value: Any) -> None:
    """Refuse NaN and infinities, where answers would depend on the algorithm."""
    bad = np.flatnonzero(~np.isfinite(value))
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}] is {value[bad[0]]}: a transform needs finite values")


def percentages(name: str, value: Any) -> None:
    """Refuse what is not between 0 and 100."""
    bad = np.flatnonzero(~((value >= 0.0) & (value <= 100.0)))
    if bad.size:
        raise ValueError(f"{name}[{bad[0]}] is {value[bad[0]]}, and must be between 0 and 100")


def bins(name: str, value: Any, least: int) -> int:
    """Return how many counters whole numbers need, ``least`` at least; none may be negative."""
    if value.size == 0:
        return least
    low = int(value.argmin())
    if value[low] < 0:
        raise ValueError(f"{name}[{low}] is {value[low]}, and cannot be negative")
    return max(least, int(value.max()) + 1)


def seed(name: str, value: Any) -> int:
    """Return a whole number modulo 2^64."""
    return whole(name, value) % 2**64


def count(name: str, value: Any) -> int:
    """Return a whole number that is not negative, nor more than an array can have elements."""
    found = whole(name, value)
    if found < 0:
        raise ValueError(f"{name} is {found}, and cannot be negative")
    if found > MOST:
        raise ValueError(f"{name} is {found}, and cannot be above {MOST}")
    return found


def whole(name: str, value: Any) -> int:
    """Return a whole number."""
    try:
        return operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}") from None


def number(name: str, value: Any) -> float:
    """Return a real number."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    return float(value)


def destination(
    out: Any,
    shape: tuple[int, ...],
    given: tuple[NDArray[Any], ...],
    in_place: bool,
    dtype: DType = FLOAT64,
) -> NDArray[Any] | None:
    """Return ``out`` once it is known that the answer can be put there (None: the caller wants a new array).

    ``given`` are the arguments as they were passed. Where ``in_place``, one of them may be ``out`` itself.
    """
    if out is None:
        return None
    # A file that is mapped into memory is filled as it is; other subclasses compute differently.
    place = out if type(out) is np.memmap and out.dtype is dtype else array("out", out, None, dtype)
    if place.shape != shape:
        raise ValueError(f"out must have shape {shape}, but has {place.shape}")
    if not place.flags.writeable:
        raise ValueError("out is read-only")
    for x in given:
        if place is not x and place.base is None and x.base is None:
            continue  # each has memory of its own, as nearly always: what follows takes a microsecond
        if (in_place and out is x) or not np.may_share_memory(place, x):
            continue
        if _overlap(place, x) and not (in_place and _same(place, x)):
            here = ", or in place the argument itself" if in_place else ""
            raise ValueError(f"out overlaps an argument: pass an array of its own{here}")
    return place


def target(
    out: Any,
    shape: tuple[int, ...],
    given: tuple[NDArray[Any], ...],
    in_place: bool = True,
    dtype: DType = FLOAT64,
) -> NDArray[Any]:
    """Return a C-contiguous aligned array for a compiled function to fill: ``out`` itself where possible.

    Give it to ``placed`` once it is filled.
    """
    placing = destination(out, shape, given, in_place, dtype)
    return np.empty(shape, dtype) if placing is None or not placing.flags.carray else placing


def placed(out: NDArray[Any] | None, filled: NDArray[Any]) -> NDArray[Any]:
    """Return the answer where it was asked to be: ``filled``, or ``out`` with its elements."""
    if out is None or out is filled:
        return filled
    np.copyto(out, filled)
    return out


def _typed(name: str, value: Any, dtype: DType) -> NDArray[Any]:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name} must be a {dtype} array, not {type(value).__name__}")
    if value.dtype != dtype:
        raise TypeError(f"{name} must be a {dtype} array, not {value.dtype}")
    return np.asarray(value)


def _same(one: Array, other: Array) -> bool:
    """Whether two arrays are the same elements in the same order."""
    views = [x.__array_interface__ for x in (one, other)]
    return one.shape == other.shape and all(views[0][key] == views[1][key] for key in ("data", "strides"))


def _overlap(one: Array, other: Array) -> bool:
    try:
        return np.shares_memory(one, other, max_work=10_000)  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return True
