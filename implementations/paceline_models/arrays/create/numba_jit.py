"""New arrays in Numba: the same text as ``rust_pyo3``. IEEE rules."""

from __future__ import annotations

from paceline_models.arrays._checks import Array, count, number, placed, target
from paceline_models.arrays._numba import compiled


@compiled
def _fill(value: float, out: Array) -> None:
    for i in range(out.size):
        out[i] = value


@compiled
def _linspace(start: float, stop: float, out: Array) -> None:
    last = out.size - 1
    difference = stop - start
    step = difference / last
    if last == 0:
        out[0] = 0.0 * difference + start
    elif last > 0:
        if step == 0.0:  # too small to be a number: the difference is multiplied out first
            for i in range(out.size):
                out[i] = i / last * difference + start
        else:
            for i in range(out.size):
                out[i] = i * step + start
        out[last] = stop


def _filled(n: int, out: Array | None, value: float) -> Array:
    filled = target(out, (count("n", n),), (), in_place=False)
    _fill(value, filled)
    return placed(out, filled)


def zeros(n: int, out: Array | None = None) -> Array:
    """Return n zeros."""
    return _filled(n, out, 0.0)


def ones(n: int, out: Array | None = None) -> Array:
    """Return n ones."""
    return _filled(n, out, 1.0)


def linspace(start: float, stop: float, n: int, out: Array | None = None) -> Array:
    """Return n values from start to stop."""
    start, stop = number("start", start), number("stop", stop)
    filled = target(out, (count("n", n),), (), in_place=False)
    _linspace(start, stop, filled)
    return placed(out, filled)
