"""New arrays as NumPy users make them; one write in every page of the zeros. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, count, destination, number, placed

PAGE = 512  # float64 values in the smallest page


def zeros(n: int, out: Array | None = None) -> Array:
    """Return n zeros."""
    n = count("n", n)
    destination(out, (n,), (), in_place=False)
    new = np.zeros(n)
    new[::PAGE] = 0.0
    return placed(out, new)


def ones(n: int, out: Array | None = None) -> Array:
    """Return n ones."""
    n = count("n", n)
    destination(out, (n,), (), in_place=False)
    return placed(out, np.ones(n))


def linspace(start: float, stop: float, n: int, out: Array | None = None) -> Array:
    """Return n values from start to stop."""
    start, stop, n = number("start", start), number("stop", stop), count("n", n)
    destination(out, (n,), (), in_place=False)
    return placed(out, np.linspace(start, stop, n))
