"""Normalisation as plain loops, for Numba with and without the leave to sum in another order."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array


def zscore(x: Array, out: Array) -> None:
    """Fill ``out`` with (x - mean) / std."""
    mean = 0.0
    for i in range(x.size):
        mean += x[i]
    mean /= x.size
    squares = 0.0
    for i in range(x.size):
        squares += (x[i] - mean) * (x[i] - mean)
    deviation = math.sqrt(squares / x.size)
    if 1e-290 <= deviation < 1e290:
        factor = 1.0 / deviation
        for i in range(x.size):
            out[i] = (x[i] - mean) * factor
    else:
        for i in range(x.size):
            out[i] = (x[i] - mean) / deviation


def layer_norm(x: Array, gamma: Array, beta: Array, out: Array) -> None:
    """Fill ``out`` with (x - mean) / sqrt(var + e) gamma + beta."""
    mean = 0.0
    for i in range(x.size):
        mean += x[i]
    mean /= x.size
    squares = 0.0
    for i in range(x.size):
        squares += (x[i] - mean) * (x[i] - mean)
    factor = 1.0 / math.sqrt(squares / x.size + 1e-5)
    for i in range(x.size):
        out[i] = (x[i] - mean) * factor * gamma[i] + beta[i]


def batch_norm(x: Array, m: Array, v: Array, g: Array, b: Array, out: Array) -> None:
    """Fill ``out`` (r, c) with (x - m) / sqrt(v + e) g + b, each of a column."""
    factor = np.empty_like(v)
    for j in range(v.size):
        factor[j] = g[j] / math.sqrt(v[j] + 1e-5)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[i, j] = (x[i, j] - m[j]) * factor[j] + b[j]


def extremes(x: Array) -> tuple[float, float]:
    """Return the smallest and the largest element; NaN where there is one."""
    low, high = math.inf, -math.inf
    seen = False
    for i in range(x.size):
        low = x[i] if x[i] < low else low
        high = x[i] if x[i] > high else high
        seen |= x[i] != x[i]
    return (math.nan, math.nan) if seen else (low, high)


def scaled(x: Array, low: float, span: float, out: Array) -> None:
    """Fill ``out`` with (x - low) / span."""
    for i in range(x.size):
        out[i] = (x[i] - low) / span
