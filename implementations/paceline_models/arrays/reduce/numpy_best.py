"""Reductions in NumPy with as few arrays as can be: products by BLAS, no temporaries of squares."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array
from paceline_models.arrays._numpy import alike
from paceline_models.arrays.reduce.pure_numpy import NONE


def norm(x: Array) -> Any:
    """Return the root of the sum of squares."""
    x = array("x", x).reshape(-1)
    return np.float64(math.sqrt(np.dot(x, x)))


def var(x: Array) -> Any:
    """Return the variance, by n."""
    return _variance(array("x", x).reshape(-1))


def std(x: Array) -> Any:
    """Return the root of that."""
    return np.sqrt(_variance(array("x", x).reshape(-1)))


def weighted_mean(x: Array, w: Array) -> Any:
    """Return sum(x w) / sum(w)."""
    x, w = (value.reshape(-1) for value in alike(("x", "w"), (x, w)))
    return np.dot(x, w) / w.sum()


def covariance(x: Array, y: Array) -> Any:
    """Return mean((x - mean x) (y - mean y))."""
    x, y = (value.reshape(-1) for value in alike(("x", "y"), (x, y)))
    return np.divide(np.dot(x - x.mean(), y - y.mean()), x.size) if x.size else NONE


def mse(a: Array, b: Array) -> Any:
    """Return mean((a - b)^2)."""
    a, b = (value.reshape(-1) for value in alike(("a", "b"), (a, b)))
    d = a - b
    return np.divide(np.dot(d, d), d.size) if d.size else NONE


def _variance(x: Array) -> Any:
    if x.size == 0:
        return NONE
    d = x - x.mean()
    return np.divide(np.dot(d, d), d.size)
