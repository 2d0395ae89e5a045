"""Monte Carlo as NumPy users write it. IEEE rules."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paceline_models.arrays._checks import INT64, Array, Whole, array, count, destination, number, placed
from paceline_models.arrays._checks import seed as checked_seed

Counter = NDArray[np.uint64]


def uniform(counter: Counter) -> Array:
    """Return SplitMix64's numbers in [0, 1) of counters."""
    z = counter * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    numbers: Array = np.multiply((z ^ (z >> np.uint64(31))) >> np.uint64(11), 2.0**-53, dtype=np.float64)
    return numbers


def mc_pi(n: int, seed: int) -> np.float64:
    """Return pi from n points; NaN from none."""
    n, start = count("n", n), np.uint64(checked_seed("seed", seed))
    if n == 0:
        return np.float64(np.nan)
    counter = np.arange(n, dtype=np.uint64) * np.uint64(2) + start
    x, y = uniform(counter + np.uint64(1)), uniform(counter + np.uint64(2))
    return np.float64(4.0 * np.mean(x * x + y * y < 1.0))


def black_scholes_paths(
    z: Array, start: float, drift: float, volatility: float, out: Array | None = None
) -> Array:
    """Return the path (n,)."""
    z = array("z", z, 1)
    start, drift, volatility = (
        number("start", start),
        number("drift", drift),
        number("volatility", volatility),
    )
    destination(out, z.shape, (z,), in_place=True)
    return placed(out, start * np.cumprod(np.exp(drift + volatility * z)))


def random_walk(steps: Whole, out: Whole | None = None) -> Whole:
    """Return the places (n,)."""
    steps = array("steps", steps, 1, INT64)
    destination(out, steps.shape, (steps,), in_place=True, dtype=INT64)
    return placed(out, np.cumsum(steps))
