"""Reductions as NumPy users write them. IEEE rules; sums in pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, destination, placed
from paceline_models.arrays._numpy import alike


def sum(x: Array) -> Any:
    """Return the sum."""
    return array("x", x).sum()


def norm(x: Array) -> Any:
    """Return the root of the sum of squares."""
    return np.linalg.norm(array("x", x))


def var(x: Array) -> Any:
    """Return the variance, by n."""
    return array("x", x).var()


def std(x: Array) -> Any:
    """Return the root of that."""
    return array("x", x).std()


def weighted_mean(x: Array, w: Array) -> Any:
    """Return sum(x w) / sum(w)."""
    x, w = alike(("x", "w"), (x, w))
    return (x * w).sum() / w.sum()


def covariance(x: Array, y: Array) -> Any:
    """Return mean((x - mean x) (y - mean y))."""
    x, y = alike(("x", "y"), (x, y))
    return ((x - x.mean()) * (y - y.mean())).mean()


def mse(a: Array, b: Array) -> Any:
    """Return mean((a - b)^2)."""
    a, b = alike(("a", "b"), (a, b))
    d = a - b
    return (d * d).mean()


def corrcoef(X: Array, out: Array | None = None) -> Array:
    """Return the coefficients (r, r) of the rows of X (r, n)."""
    X = array("X", X, 2)
    at_least("X", X, 1)
    shape = (X.shape[0], X.shape[0])
    place = destination(out, shape, (X,), in_place=False)
    return placed(place, np.asarray(np.corrcoef(X)).reshape(shape))
