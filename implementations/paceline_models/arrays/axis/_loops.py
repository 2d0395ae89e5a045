"""Axis reductions as plain loops in the order of memory, for Numba."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array


def sum_axis0(x: Array, out: Array) -> None:
    """Fill ``out`` (c,) with the columns' sums."""
    out[:] = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j] += x[i, j]


def sum_axis1(x: Array, out: Array) -> None:
    """Fill ``out`` (r,) with the rows' sums."""
    for i in range(x.shape[0]):
        total = 0.0
        for j in range(x.shape[1]):
            total += x[i, j]
        out[i] = total


def var_axis0(x: Array, out: Array) -> None:
    """Fill ``out`` (c,) with the columns' variances, in two readings."""
    means = np.zeros(x.shape[1])
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            means[j] += x[i, j]
    for j in range(x.shape[1]):
        means[j] /= x.shape[0]
        out[j] = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            out[j] += (x[i, j] - means[j]) * (x[i, j] - means[j])
    for j in range(x.shape[1]):
        out[j] /= x.shape[0]


def std_axis1(x: Array, out: Array) -> None:
    """Fill ``out`` (r,) with the rows' standard deviations."""
    count = x.shape[1]
    for i in range(x.shape[0]):
        mean = 0.0
        for j in range(count):
            mean += x[i, j]
        mean /= count
        squares = 0.0
        for j in range(count):
            squares += (x[i, j] - mean) * (x[i, j] - mean)
        out[i] = math.sqrt(squares / count)
