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

DType = np.dtype[Any]

FLOAT64 = np.dtype(np.float64)


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


def count(name: str, value: Any) -> int:
    """Return a whole number that is not negative."""
    found = whole(name, value)
    if found < 0:
        raise ValueError(f"{name} is {found}, and cannot be negative")
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
    place = array("out", out, None, dtype)
    if place.shape != shape:
        raise ValueError(f"out must have shape {shape}, but has {place.shape}")
    if not place.flags.writeable:
        raise ValueError("out is read-only")
    for x in given:
        allowed = in_place and (out is x or _same(place, x))
        if not allowed and np.may_share_memory(place, x) and _overlap(place, x):
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
