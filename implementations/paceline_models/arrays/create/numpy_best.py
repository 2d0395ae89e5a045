"""New arrays in NumPy with the fewest calls and passes. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, count, destination, number


def _filled(n: int, out: Array | None, value: float) -> Array:
    n = count("n", n)
    place = destination(out, (n,), (), in_place=False)
    new = np.empty(n) if place is None else place
    new.fill(value)
    return new


def zeros(n: int, out: Array | None = None) -> Array:
    """Return n zeros."""
    return _filled(n, out, 0.0)


def ones(n: int, out: Array | None = None) -> Array:
    """Return n ones."""
    return _filled(n, out, 1.0)


def linspace(start: float, stop: float, n: int, out: Array | None = None) -> Array:
    """Return n values from start to stop."""
    start, stop, n = number("start", start), number("stop", stop), count("n", n)
    place = destination(out, (n,), (), in_place=False)
    new = np.arange(0.0, n)
    if place is not None:
        place[:] = new
        new = place
    if n < 2:
        new *= stop - start
    elif (stop - start) / (n - 1) == 0.0:
        new /= n - 1
        new *= stop - start
    else:
        new *= (stop - start) / (n - 1)
    new += start
    if n > 1:
        new[-1] = stop
    return new
