"""The counter-based generator for Numba."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._numba import compiled


@compiled
def uniform(counter: np.uint64) -> float:
    """Return SplitMix64's number in [0, 1) of a counter."""
    z = counter * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.float64((z ^ (z >> np.uint64(31))) >> np.uint64(11)) * 2.0**-53


@compiled
def hits(seed: np.uint64, first: int, end: int) -> int:
    """Return how many of the points first to end lie in the quarter circle."""
    found = 0
    for i in range(first, end):
        counter = seed + np.uint64(i) * np.uint64(2)
        x, y = uniform(counter + np.uint64(1)), uniform(counter + np.uint64(2))
        found += x * x + y * y < 1.0
    return found
