"""Monte Carlo in Numba: the same text as ``rust_pyo3``; exp by our polynomial. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import INT64, Array, Whole, contiguous, count, number, placed, target
from paceline_models.arrays._checks import seed as checked_seed
from paceline_models.arrays._numba import compiled
from paceline_models.arrays._numba_math import exp
from paceline_models.arrays.montecarlo._numba import hits

BLOCK = 256


@compiled
def _paths(z: Array, start: float, drift: float, volatility: float, out: Array) -> None:
    growth, product = np.empty(BLOCK), 1.0
    for first in range(0, z.size, BLOCK):
        length = min(BLOCK, z.size - first)
        for i in range(length):
            growth[i] = exp(drift + volatility * z[first + i])
        for i in range(length):
            product *= growth[i]
            out[first + i] = start * product


@compiled
def _walk(steps: Whole, out: Whole) -> None:
    place = np.int64(0)
    for i in range(steps.size):
        place += steps[i]
        out[i] = place


def mc_pi(n: int, seed: int) -> np.float64:
    """Return pi from n points; NaN from none."""
    n, start = count("n", n), np.uint64(checked_seed("seed", seed))
    return np.float64(4.0 * (hits(start, 0, n) / n)) if n else np.float64(np.nan)


def black_scholes_paths(
    z: Array, start: float, drift: float, volatility: float, out: Array | None = None
) -> Array:
    """Return the path (n,)."""
    given = contiguous("z", z, 1)
    start, drift, volatility = (
        number("start", start),
        number("drift", drift),
        number("volatility", volatility),
    )
    filled = target(out, given.shape, (z,))
    _paths(given, start, drift, volatility, filled)
    return placed(out, filled)


def random_walk(steps: Whole, out: Whole | None = None) -> Whole:
    """Return the places (n,)."""
    given = contiguous("steps", steps, 1, INT64)
    filled = target(out, given.shape, (steps,), dtype=INT64)
    _walk(given, filled)
    return placed(out, filled)
