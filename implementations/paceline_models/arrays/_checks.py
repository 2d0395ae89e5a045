"""What every implementation asks of its arguments: one validator, so that all fail alike.

Arrays are float64 NumPy arrays, of any layout and alignment; anything else is a ``TypeError``, a wrong
shape a ``ValueError``, and both name the argument. ``out`` has the answer's shape, can be written, and
shares no memory with the arguments, except that a function of each element may be given an argument itself
(in place). Compiled implementations take C-contiguous aligned arrays: others are copied, and copied back.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FLOAT64 = np.dtype(np.float64)


def array(name: str, value: Any, ndim: int | None = None) -> Array:
    """Return ``value``, a float64 array (of ``ndim`` dimensions), as it is."""
    plain = type(value) is np.ndarray and value.dtype is FLOAT64
    found: Array = value if plain else _float64(name, value)
    if ndim is not None and found.ndim != ndim:
        raise ValueError(f"{name} must have {ndim} dimension{'s' * (ndim > 1)}, but has shape {found.shape}")
    return found


def contiguous(name: str, value: Any, ndim: int | None = None) -> Array:
    """Return ``value``, or a copy of it, that is C-contiguous and aligned."""
    found = array(name, value, ndim)
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


def not_empty(name: str, value: Any) -> None:
    """Refuse an array without elements, where there is no answer."""
    if value.size == 0:
        raise ValueError(f"{name} is empty: it needs one element at least")


def destination(out: Any, shape: tuple[int, ...], given: tuple[Array, ...], in_place: bool) -> Array | None:
    """Return ``out`` once it is known that the answer can be put there (None: the caller wants a new array).

    ``given`` are the arguments as they were passed. Where ``in_place``, one of them may be ``out`` itself.
    """
    if out is None:
        return None
    out = array("out", out)
    if out.shape != shape:
        raise ValueError(f"out must have shape {shape}, but has {out.shape}")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
    for x in given:
        if (
            out is not x
            and np.may_share_memory(out, x)
            and _overlap(out, x)
            and not (in_place and _same(out, x))
        ):
            raise ValueError(
                "out overlaps an argument: pass an array of its own, or in place the argument itself"
            )
    return out


def target(out: Any, shape: tuple[int, ...], given: tuple[Array, ...], in_place: bool = True) -> Array:
    """Return a C-contiguous aligned array for a compiled function to fill: ``out`` itself where possible.

    Give it to ``placed`` once it is filled.
    """
    placing = destination(out, shape, given, in_place)
    return np.empty(shape) if placing is None or not placing.flags.carray else placing


def placed(out: Array | None, filled: Array) -> Array:
    """Return the answer where it was asked to be: ``filled``, or ``out`` with its elements."""
    if out is None or out is filled:
        return filled
    np.copyto(out, filled)
    return out


def _float64(name: str, value: Any) -> Array:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{name} must be a float64 array, not {type(value).__name__}")
    if value.dtype != FLOAT64:
        raise TypeError(f"{name} must be a float64 array, not {value.dtype}")
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
