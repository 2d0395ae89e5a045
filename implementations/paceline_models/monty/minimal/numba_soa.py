"""A structure of arrays in Numba: the same text as ``rust_soa``, float32, sixteen lanes of sums."""

from __future__ import annotations

import numpy as np

from paceline_models._numba import njit
from paceline_models.monty.minimal import MAX_STEPS
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._numba_columns import LANES, filled, similarity_mean
from paceline_models.monty.minimal.numba_jit import _nearest

HALF, ZERO = np.float32(0.5), np.float32(0.0)


@njit(cache=True, error_model="numpy")
def _mean(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[np.float32, int]:
    columns, lanes = filled(observations, train), np.empty(LANES, np.float32)
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = ZERO, 0
    for _ in range(epochs):
        confidence = ZERO
        done = 0
        for i in range(reach):
            evidence[i] = similarity_mean(columns, queries[i], lanes)
            confidence = (confidence + evidence[i]) * HALF
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


run = run_with(_mean, _nearest)
