"""Reductions as plain loops, for Numba with and without the leave to sum in another order."""

from __future__ import annotations

import math

from paceline_models.arrays._checks import Array


def total(x: Array) -> float:
    """Return the sum."""
    result = 0.0
    for i in range(x.size):
        result += x[i]
    return result


def norm(x: Array) -> float:
    """Return the root of the sum of squares."""
    result = 0.0
    for i in range(x.size):
        result += x[i] * x[i]
    return math.sqrt(result)


def var(x: Array) -> float:
    """Return the variance, by n, in two readings."""
    mean = 0.0
    for i in range(x.size):
        mean += x[i]
    mean /= x.size
    result = 0.0
    for i in range(x.size):
        result += (x[i] - mean) * (x[i] - mean)
    return result / x.size


def std(x: Array) -> float:
    """Return the root of that."""
    mean = 0.0
    for i in range(x.size):
        mean += x[i]
    mean /= x.size
    result = 0.0
    for i in range(x.size):
        result += (x[i] - mean) * (x[i] - mean)
    return math.sqrt(result / x.size)


def weighted_mean(x: Array, w: Array) -> float:
    """Return sum(x w) / sum(w)."""
    result, weight = 0.0, 0.0
    for i in range(x.size):
        result += x[i] * w[i]
        weight += w[i]
    return result / weight


def covariance(x: Array, y: Array) -> float:
    """Return mean((x - mean x) (y - mean y)), in two readings."""
    mean_x, mean_y = 0.0, 0.0
    for i in range(x.size):
        mean_x += x[i]
        mean_y += y[i]
    mean_x /= x.size
    mean_y /= x.size
    result = 0.0
    for i in range(x.size):
        result += (x[i] - mean_x) * (y[i] - mean_y)
    return result / x.size


def mse(a: Array, b: Array) -> float:
    """Return mean((a - b)^2)."""
    result = 0.0
    for i in range(a.size):
        result += (a[i] - b[i]) * (a[i] - b[i])
    return result / a.size
