"""Series in NumPy by slices and ``out=``: no arrays but the answer. IEEE rules; sums in order."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least
from paceline_models.arrays._numpy import place


def diff(x: Array, out: Array | None = None) -> Array:
    """Return x[1:] - x[:-1]."""
    x = array("x", x, 1)
    return np.subtract(x[1:], x[:-1], out=place(out, (max(x.size - 1, 0),), (x,), in_place=False))


def diff2(x: Array, out: Array | None = None) -> Array:
    """Return the differences of the differences."""
    x = array("x", x, 1)
    y = place(out, (max(x.size - 2, 0),), (x,), in_place=False)
    step = x[1:] - x[:-1]
    return np.subtract(step[1:], step[:-1], out=y)


def gradient(x: Array, out: Array | None = None) -> Array:
    """Return central differences, one-sided at the ends."""
    x = array("x", x, 1)
    at_least("x", x, 2)
    y = place(out, x.shape, (x,), in_place=False)
    np.subtract(x[2:], x[:-2], out=y[1:-1])
    y[1:-1] *= 0.5
    y[0] = x[1] - x[0]
    y[-1] = x[-1] - x[-2]
    return y


def cumsum(x: Array, out: Array | None = None) -> Array:
    """Return the running sum."""
    x = array("x", x, 1)
    return np.cumsum(x, out=place(out, x.shape, (x,)))


def diff_cumsum(x: Array, out: Array | None = None) -> Array:
    """Return the running sum of the differences."""
    x = array("x", x, 1)
    y = place(out, (max(x.size - 1, 0),), (x,), in_place=False)
    return np.cumsum(np.subtract(x[1:], x[:-1], out=y), out=y)


def convolve3(x: Array, out: Array | None = None) -> Array:
    """Return x smoothed with (1/4, 1/2, 1/4)."""
    x = array("x", x, 1)
    at_least("x", x, 3)
    y = np.multiply(x, 0.5, out=place(out, x.shape, (x,), in_place=False))
    quarter = x * 0.25
    y[1:] += quarter[:-1]
    y[:-1] += quarter[1:]
    return y
