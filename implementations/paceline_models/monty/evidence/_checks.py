"""What every implementation asks of its arguments: one validator, so that all fail alike.

Wrong types are a ``TypeError``; wrong shapes and values a ``ValueError`` that names the argument, the place
and the value. Arguments are judged in the order in which they are passed; nothing is ever changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

PARTS = (("pos", 3), ("frame", 9), ("pose_defined", 0), ("hsv", 3), ("curv", 2))
SHORTEST = 1e-9  # a normal below this length has no direction
LARGEST = 1e18  # products of a few values stay finite
OBSERVATION = 15


class Settings(NamedTuple):
    """The options of a run.

    ``share`` is the part of the best evidence by which a tested hypothesis may lie below it, negative where
    all are tested; ``possible`` the part by which an object, or a hypothesis, may lie below its best.
    """

    k: int
    radius: float = 0.01
    past: float = 1.0
    present: float = 1.0
    share: float = -1.0
    possible: float = 0.2
    terminate: bool = False
    time_out: int = 500


def settings(
    k: Any,
    *,
    rule: Any = "all",
    radius: Any = 0.01,
    past: Any = 1.0,
    present: Any = 1.0,
    x_percent: Any = 20.0,
    terminate: Any = False,
    time_out: Any = 500,
) -> Settings:
    """Return the options of a run, checked."""
    return Settings(
        count("k", k),
        number("radius", radius, 1e-9),
        number("past", past, 0.0),
        number("present", present, 0.0),
        _share(rule),
        number("x_percent", x_percent, 0.0) / 100.0,
        bool(terminate),
        count("time_out", time_out),
    )


def objects(values: Any) -> list[tuple[Array, ...]]:
    """Return the objects, each (pos (M, 3), frame (M, 9), pose_defined (M,), hsv (M, 3), curv (M, 2))."""
    if isinstance(values, np.ndarray | str) or not isinstance(values, Sequence):
        raise TypeError(f"objects must be a list of tuples of arrays, not {type(values).__name__}")
    if not values:
        raise ValueError("objects is empty: there is nothing to match; pass at least one object")
    return [_object(f"objects[{position}]", value) for position, value in enumerate(values)]


def episode(sensed: Any, displacement: Any) -> tuple[Array, Array]:
    """Return the observations (S, 15) and displacements (S, 3)."""
    sensed = array_of("sensed", sensed, OBSERVATION)
    if sensed.shape[0] == 0:
        raise ValueError("sensed has shape (0, 15): at least one observation is needed")
    _directed("sensed", sensed)
    _truth("sensed", sensed[:, 9], ", 9")
    displacement = array_of("displacement", displacement, 3)
    if displacement.shape[0] != sensed.shape[0]:
        raise ValueError(f"displacement has {displacement.shape[0]} steps, but sensed {sensed.shape[0]}")
    return sensed, displacement


def _object(name: str, value: Any) -> tuple[Array, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError(f"{name} must be a tuple of arrays, not {type(value).__name__}")
    if len(value) != len(PARTS):
        wanted = ", ".join(part for part, _ in PARTS)
        raise ValueError(f"{name} has {len(value)} parts, expected {len(PARTS)}: {wanted}")
    parts = tuple(
        array_of(f"{name}.{part}", array, width) for (part, width), array in zip(PARTS, value, strict=True)
    )
    nodes = parts[0].shape[0]
    if nodes == 0:
        raise ValueError(f"{name} has no nodes: leave it out, or give it at least one")
    for (part, _), array in zip(PARTS, parts, strict=True):
        if array.shape[0] != nodes:
            raise ValueError(f"{name}.{part} has {array.shape[0]} nodes, but {name}.pos {nodes}")
    _directed(f"{name}.frame", parts[1])
    _truth(f"{name}.pose_defined", parts[2])
    return parts


def array_of(name: str, values: Any, width: int) -> Array:
    """Return a finite float64 array (N, width), or (N,) where ``width`` is 0."""
    if not isinstance(values, np.ndarray) or isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name} must be a NumPy array of float64, not {type(values).__name__}")
    values = np.asarray(values)  # a matrix would stay one, and multiply as one
    if width == 0 and values.dtype == np.bool:
        values = values.astype(np.float64)
    if values.dtype != np.float64:
        raise TypeError(f"{name} must have dtype float64, not {values.dtype}")
    if values.ndim != (2 if width else 1) or (width and values.shape[1] != width):
        raise ValueError(f"{name} has shape {values.shape}, expected {f'(N, {width})' if width else '(N,)'}")
    good = np.abs(values) <= LARGEST
    if not good.all():
        place = np.unravel_index(int(np.argmin(good)), values.shape)
        need = f"within {LARGEST:g} of zero" if np.isfinite(values[place]) else "finite"
        raise ValueError(f"{name}[{', '.join(map(str, place))}] is {values[place]}, but must be {need}")
    return np.require(values, requirements=["C", "A", "W"])  # Numba compiles anew for what is read-only


def _directed(name: str, frames: Array) -> None:
    lengths = np.sqrt((frames[:, :3] ** 2).sum(axis=1))
    short = lengths < SHORTEST
    if short.any():
        row = int(np.argmax(short))
        raise ValueError(f"{name}[{row}, 0:3] is a normal of length {lengths[row]:g}: it has no direction")


def _truth(name: str, values: Array, column: str = "") -> None:
    bad = (values != 0.0) & (values != 1.0)
    if bad.any():
        row = int(np.argmax(bad))
        raise ValueError(f"{name}[{row}{column}] is {values[row]}, but must be 0 or 1 (is the pose defined?)")


def count(name: str, value: Any) -> int:
    """Return a whole number of at least one."""
    if not isinstance(value, Integral) or isinstance(value, bool | np.bool):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name} is {value}, but must be >= 1")
    return int(value)


def number(name: str, given: Any, low: float) -> float:
    """Return a number between ``low`` and what products stay finite with."""
    if not isinstance(given, Real) or isinstance(given, bool | np.bool):
        raise TypeError(f"{name} must be a float, not {type(given).__name__}")
    value: Any = given  # compared as it is: the largest whole numbers are no floats
    if not low <= value <= LARGEST:
        raise ValueError(f"{name} is {value}, but must lie between {low:g} and {LARGEST:g}")
    return float(value)


def _share(rule: Any) -> float:
    if not isinstance(rule, str):
        raise TypeError(f'rule must be "all" or a percentage such as "80%", not {type(rule).__name__}')
    if rule == "all":
        return -1.0
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?%", rule) or float(rule[:-1]) > 100.0:
        raise ValueError(f'rule is "{rule}", but must be "all" or a percentage up to 100, such as "80%"')
    return float(rule[:-1]) / 100.0
