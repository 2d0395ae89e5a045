"""What every implementation asks of its arguments: one validator, so that all fail alike.

Wrong types (anything but float64 NumPy arrays) are a ``TypeError``; wrong lengths and values a
``ValueError`` that names the argument, the first bad index and the value. Arguments are judged in the
order in which they are passed. Arrays that are not C-contiguous are copied; nothing is ever changed.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGEST = sys.float_info.max
SMALLEST = math.ulp(0.0)  # "greater than zero" as a closed bound
LARGEST_BITS = int(np.float64(LARGEST).view(np.uint64))


@dataclass(frozen=True)
class Parameter:
    """A model parameter: its name, unit and meaning, the closed domain, and the usual range."""

    name: str
    unit: str
    meaning: str
    low: float = -LARGEST
    high: float = LARGEST
    usual: tuple[float, float] = (math.nan, math.nan)

    @property
    def domain(self) -> str:
        """The domain in words, as error messages print it."""
        low = "> 0" if self.low == SMALLEST else f">= {self.low:g}" if self.low > -LARGEST else ""
        high = f"<= {self.high:g}" if self.high < LARGEST else ""
        return " and ".join(part for part in (low, high) if part) or "a finite number"


def series(name: str, values: Any, steps: int | None = None, *, signed: bool = False) -> Array:
    """Return a time series (N,), all finite and, unless signed, not negative."""
    array = _array(name, values, 1)
    if steps is not None and array.shape[0] != steps:
        raise ValueError(f"{name} has {array.shape[0]} steps, but the series before it {steps}")
    return _within(name, array, -LARGEST if signed else 0.0, LARGEST)


def table(
    name: str,
    values: Any,
    rows: int | None,
    columns: int | None,
    low: float = -LARGEST,
    high: float = LARGEST,
) -> Array:
    """Return a table (rows, columns), at least one of what is not told, all within [low, high]."""
    array = _array(name, values, 2)
    if rows not in (None, array.shape[0]) or columns not in (None, array.shape[1]):
        told = ("at least 1" if size is None else str(size) for size in (rows, columns))
        raise ValueError(f"{name} has shape {array.shape}, expected ({', '.join(told)})")
    if array.shape[1] == 0:
        raise ValueError(f"{name} has shape {array.shape}: at least one column is needed")
    if rows is None and array.shape[0] == 0:
        raise ValueError(f"{name} has shape {array.shape}: at least one row is needed")
    return _within(name, array, low, high)


def parameters(values: Any, *expected: tuple[Parameter, ...]) -> Array:
    """Return the parameter vector, of one of the expected lengths, each within its domain."""
    array = _array("params", values, 1)
    for known in expected:
        if len(known) == array.shape[0]:
            break
    else:
        lengths = " or ".join(str(len(known)) for known in expected)
        raise ValueError(f"params has {array.shape[0]} values, expected {lengths}")
    for parameter, value in zip(known, array.tolist(), strict=True):
        if not parameter.low <= value <= parameter.high:
            index = known.index(parameter)
            raise ValueError(f"params[{index}] ({parameter.name}) is {value}, but must be {parameter.domain}")
    return array


def number(name: str, value: Any, low: float = -LARGEST) -> float:
    """Return a finite number not below ``low`` as a float."""
    if not isinstance(value, Real) or isinstance(value, bool | np.bool | np.float16 | np.float32):
        raise TypeError(f"{name} must be a float, not {type(value).__name__}")
    converted = float(value)
    if not low <= converted <= LARGEST:
        raise ValueError(f"{name} is {converted}, but must be finite and >= {low:g}")
    return converted


def state(initial: Any, default: Array, *, nonnegative: int = 0) -> Array:
    """Return a fresh copy of the initial state vector, the default's where none is given.

    The first ``nonnegative`` values must not be below zero.
    """
    if initial is None:
        return default
    array = _array("initial", initial, 1)
    if array.shape != default.shape:
        raise ValueError(f"initial has {array.shape[0]} values, expected {default.shape[0]}")
    _within("initial", array[:nonnegative], 0.0, LARGEST)
    return _within("initial", array, -LARGEST, LARGEST).copy()


def _array(name: str, values: Any, dimensions: int) -> Array:
    if type(values) is not np.ndarray:
        if not isinstance(values, np.ndarray) or isinstance(values, np.ma.MaskedArray):
            raise TypeError(f"{name} must be a NumPy array of float64, not {type(values).__name__}")
        values = np.asarray(values)
    if values.dtype != np.float64:
        raise TypeError(f"{name} must have dtype float64, not {values.dtype}")
    if values.ndim != dimensions:
        raise ValueError(f"{name} must have {dimensions} dimension(s), but has shape {values.shape}")
    flags = values.flags
    if not (flags.c_contiguous and flags.aligned):
        return np.array(values, order="C")
    return values  # type: ignore[no-any-return]


def _within(name: str, array: Array, low: float, high: float) -> Array:
    if array.size == 0 or _all_within(array, low, high):
        return array
    good = (array >= low) & (array <= high)
    if good.all():
        return array
    position = np.unravel_index(int(np.argmin(good)), array.shape)
    index = ", ".join(str(int(i)) for i in position)
    value = float(array[position])
    if not math.isfinite(value):
        need = "finite"
    else:
        need = f"in [{low:g}, {high:g}]" if high < LARGEST else f">= {low:g}"
    raise ValueError(f"{name}[{index}] is {value}, but must be {need}")


def _all_within(array: Array, low: float, high: float) -> bool:
    """Tell whether all values are surely within the bounds; for minus zero it may wrongly deny."""
    if low == 0.0:
        # The bits of a double, read as an unsigned integer, grow with its value; the sign, infinities and
        # NaN lie above every finite positive number. One pass instead of two.
        bits = int(np.maximum.reduce(array.view(np.uint64), None))
        return bits <= (LARGEST_BITS if high == LARGEST else int(np.float64(high).view(np.uint64)))
    return bool(np.minimum.reduce(array, None) >= low and np.maximum.reduce(array, None) <= high)
