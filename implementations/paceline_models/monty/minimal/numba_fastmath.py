"""A structure of arrays in Numba, one sum that the compiler may reorder: float32, fastmath."""

from __future__ import annotations

import math

import numpy as np

from paceline_models._numba import njit
from paceline_models.monty.minimal import MAX_STEPS
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._numba_columns import filled
from paceline_models.monty.minimal.numba_jit import _nearest

ONE, HALF, ZERO = np.float32(1.0), np.float32(0.5), np.float32(0.0)


@njit(cache=True, error_model="numpy", fastmath=True)
def _similarity_mean(columns: Points, query: Points) -> np.float32:
    x, y, z, f = columns[0], columns[1], columns[2], columns[3]
    qx, qy, qz, qf = query[0], query[1], query[2], query[3]
    total = ZERO
    for j in range(x.shape[0]):
        dx, dy, dz = x[j] - qx, y[j] - qy, z[j] - qz
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        total += ONE / (ONE + distance + abs(f[j] - qf))
    return total / np.float32(x.shape[0])


@njit(cache=True, error_model="numpy")
def _mean(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[np.float32, int]:
    columns = filled(observations, train)
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = ZERO, 0
    for _ in range(epochs):
        confidence = ZERO
        done = 0
        for i in range(reach):
            evidence[i] = _similarity_mean(columns, queries[i])
            confidence = (confidence + evidence[i]) * HALF
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


run = run_with(_mean, _nearest)
