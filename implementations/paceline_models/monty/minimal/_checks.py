"""What every implementation asks of its arguments: one validator, so that all fail alike.

Wrong types are a ``TypeError``, wrong shapes and values a ``ValueError`` that names the argument, the first
bad index and the value. Arrays that are not C-contiguous are copied; nothing is ever changed.
"""

from __future__ import annotations

import math
import sys
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.minimal import MODES

Points = NDArray[np.float32]

LARGEST = 1e18  # squares of differences stay finite in float32
MOST = 100_000_000  # observations in a store: 1.6 GB
AREA = 2.0 * math.pi * 0.04 * 0.1


class Task(NamedTuple):
    """A checked question; ``train`` is 0 in mode ``knn``, ``theta`` infinite where nothing ends an epoch."""

    observations: Points
    queries: Points
    train: int
    epochs: int
    theta: float
    k: int
    radius: float


def task(
    observations: Any,
    epochs: Any,
    mode: Any = "seed",
    queries: Any = None,
    k: Any = 3,
    radius: Any = None,
    theta: Any = 0.6,
    of: Any = "seed",
) -> Task:
    """Return the question that these arguments of ``run`` ask."""
    stored = points("observations", observations)
    epochs = whole("epochs", epochs)
    if mode not in MODES:
        raise ValueError(f"mode is {mode!r}, but must be one of {', '.join(MODES)}")
    end = math.inf
    if mode == "terminate":
        if of not in MODES[:3]:
            raise ValueError(f"of is {of!r}, but must be one of {', '.join(MODES[:3])}")
        mode, end = of, number("theta", theta)
    asked = stored if queries is None else points("queries", queries)
    if mode == "seed" and len(stored) * epochs > MOST:
        raise ValueError(
            f"epochs is {epochs}, but must be at most {MOST // len(stored)}: each is stored anew"
        )
    if epochs > MOST:
        raise ValueError(f"epochs is {epochs}, but must be at most {MOST}")
    if mode != "knn":
        return Task(stored, asked, epochs if mode == "seed" else 1, epochs, end, 0, 0.0)
    near = default_radius(len(stored)) if radius is None else number("radius", radius)
    return Task(stored, asked, 0, epochs, end, min(whole("k", k), len(stored)), near)


def default_radius(n: int) -> float:
    """Return the radius in which about six of n points lie that are spread over the cylinder."""
    return math.sqrt(6.0 * AREA / (n * math.pi))


def points(name: str, values: Any) -> Points:
    """Return observations (N, 4), at least one, all finite and within what float32 can square."""
    if type(values) is not np.ndarray:
        if not isinstance(values, np.ndarray) or isinstance(values, np.ma.MaskedArray):
            raise TypeError(f"{name} must be a NumPy array of float32, not {type(values).__name__}")
        values = np.asarray(values)
    if values.dtype != np.float32:
        raise TypeError(f"{name} must have dtype float32, not {values.dtype}")
    if values.ndim != 2 or values.shape[1] != 4:
        raise ValueError(f"{name} must have shape (N, 4): x, y, z and a feature, but has {values.shape}")
    if values.shape[0] == 0:
        raise ValueError(f"{name} is empty: at least one observation is needed")
    flags = values.flags
    array = values if flags.c_contiguous and flags.aligned else np.array(values, order="C")
    # One pass: the sum of squares is small only where every value is.
    if not np.vdot(array, array) <= LARGEST * LARGEST:
        _name_the_worst(name, array)
    return array


def whole(name: str, value: Any) -> int:
    """Return a whole number of at least one."""
    if type(value) is not int and (not isinstance(value, Integral) or isinstance(value, bool)):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name} is {value}, but must be at least 1")
    return int(value)


def number(name: str, given: Any) -> float:
    """Return a number that is not below zero and not NaN."""
    if not isinstance(given, Real) or isinstance(given, bool):
        raise TypeError(f"{name} must be a number, not {type(given).__name__}")
    value: Any = given  # compared as it is: the largest whole numbers are no floats
    if not value >= 0.0:
        raise ValueError(f"{name} is {value}, but must be 0 or more")
    return float(value) if value <= sys.float_info.max else math.inf


def _name_the_worst(name: str, array: Points) -> None:
    good = np.abs(array) <= LARGEST
    if not good.all():
        row, column = np.unravel_index(int(np.argmin(good)), array.shape)
        value = float(array[row, column])
        need = f"within {LARGEST:g} of zero" if math.isfinite(value) else "finite"
        raise ValueError(f"{name}[{row}, {column}] is {value}, but must be {need}")
