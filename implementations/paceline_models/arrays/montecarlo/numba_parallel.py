"""The same as ``numba_jit``, points shared out among the threads. IEEE rules."""

from __future__ import annotations

import numpy as np
from numba import prange

from paceline_models.arrays._checks import count
from paceline_models.arrays._checks import seed as checked_seed
from paceline_models.arrays._numba import compiled_parallel
from paceline_models.arrays.montecarlo._numba import hits

PART = 1 << 14


@compiled_parallel
def _hits(seed: np.uint64, n: int) -> int:
    found = 0
    for part in prange((n + PART - 1) // PART):
        found += hits(seed, part * PART, min((part + 1) * PART, n))
    return found


def mc_pi(n: int, seed: int) -> np.float64:
    """Return pi from n points; NaN from none."""
    n, start = count("n", n), np.uint64(checked_seed("seed", seed))
    return np.float64(4.0 * (_hits(start, n) / n)) if n else np.float64(np.nan)
