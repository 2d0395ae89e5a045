"""Queries shared among Numba's threads: float32, sixteen lanes of sums, bits of ``numba_soa``."""

from __future__ import annotations

import numpy as np
from numba import prange

from paceline_models._numba import njit
from paceline_models.monty.minimal import MAX_STEPS
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._numba_columns import LANES, filled, similarity_mean
from paceline_models.monty.minimal.numba_jit import _nearest

HALF, ZERO = np.float32(0.5), np.float32(0.0)
OTHERS = ("comprehension", "fusion", "inplace_binop", "numpy", "reduction", "setitem", "stencil")
QUERIES = {"prange": True} | dict.fromkeys(OTHERS, False)  # nothing else is worth waking a thread


# All in one: a cached function that calls a parallel one may come back without its threads (decision 11).
@njit(cache=True, error_model="numpy", parallel=QUERIES)
def _mean(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[np.float32, int]:
    columns = filled(observations, train)
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = ZERO, 0
    for _ in range(epochs):
        for i in prange(reach):
            evidence[i] = similarity_mean(columns, queries[i], np.empty(LANES, np.float32))
        confidence = ZERO
        done = 0
        while done < reach:
            confidence = (confidence + evidence[done]) * HALF
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


run = run_with(_mean, _nearest)
