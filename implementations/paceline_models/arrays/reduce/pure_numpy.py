"""Reductions as NumPy users write them. IEEE rules; sums in pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, destination, placed
from paceline_models.arrays._numpy import alike

NONE = np.float64(np.nan)
"""The mean of nothing, without NumPy's warning."""


def sum(x: Array) -> Any:
    """Return the sum."""
    return array("x", x).sum()


def norm(x: Array) -> Any:
    """Return the root of the sum of squares."""
    return np.linalg.norm(array("x", x))


def var(x: Array) -> Any:
    """Return the variance, by n."""
    x = array("x", x)
    return x.var() if x.size else NONE


def std(x: Array) -> Any:
    """Return the root of that."""
    x = array("x", x)
    return x.std() if x.size else NONE


def weighted_mean(x: Array, w: Array) -> Any:
    """Return sum(x w) / sum(w)."""
    x, w = alike(("x", "w"), (x, w))
    return (x * w).sum() / w.sum()


def covariance(x: Array, y: Array) -> Any:
    """Return mean((x - mean x) (y - mean y))."""
    x, y = alike(("x", "y"), (x, y))
    return ((x - x.mean()) * (y - y.mean())).mean() if x.size else NONE


def mse(a: Array, b: Array) -> Any:
    """Return mean((a - b)^2)."""
    a, b = alike(("a", "b"), (a, b))
    d = a - b
    return (d * d).mean() if d.size else NONE


def corrcoef(X: Array, out: Array | None = None) -> Array:
    """Return the coefficients (r, r) of the rows of X (r, n)."""
    X = array("X", X, 2)
    at_least("X", X, 1)
    shape = (X.shape[0], X.shape[0])
    place = destination(out, shape, (X,), in_place=False)
    if X.shape[1] < 2:
        return placed(place, np.full(shape, np.nan))  # without NumPy's warning
    return placed(place, np.asarray(np.corrcoef(X)).reshape(shape))
