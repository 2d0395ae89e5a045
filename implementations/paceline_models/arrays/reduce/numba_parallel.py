"""Sums on Numba's threads: each has a sum of its own, in any order (Numba's reductions)."""

from __future__ import annotations

import math

from numba import prange

from paceline_models._numba import njit
from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import number_of

compiled = njit(cache=True, error_model="numpy", parallel=True, fastmath={"reassoc", "contract"})


@compiled
def _sum(x: Array) -> float:
    result = 0.0
    for i in prange(x.size):
        result += x[i]
    return result


@compiled
def _norm(x: Array) -> float:
    result = 0.0
    for i in prange(x.size):
        result += x[i] * x[i]
    return math.sqrt(result)


sum = number_of(_sum, "x")
norm = number_of(_norm, "x")
