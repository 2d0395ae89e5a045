"""Monte Carlo in NumPy in blocks that stay in the cache, and with ``out=`` in every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import INT64, Array, Whole, array, count, destination, number
from paceline_models.arrays._checks import seed as checked_seed
from paceline_models.arrays.montecarlo.pure_numpy import Counter

BLOCK = 8192


def _uniform(z: Counter, shifted: Counter, x: Array) -> None:
    """Fill x with the numbers of counters, which are changed."""
    z *= np.uint64(0x9E3779B97F4A7C15)
    for bits, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1)):
        z ^= np.right_shift(z, np.uint64(bits), out=shifted)
        z *= np.uint64(factor)
    z >>= np.uint64(11)
    np.multiply(z, 2.0**-53, out=x)


def mc_pi(n: int, seed: int) -> np.float64:
    """Return pi from n points; NaN from none."""
    n, start = count("n", n), np.uint64(checked_seed("seed", seed))
    if n == 0:
        return np.float64(np.nan)
    size = min(n, BLOCK)
    twice = np.arange(size, dtype=np.uint64) * np.uint64(2)
    counter, shifted = np.empty_like(twice), np.empty_like(twice)
    x, y, hits = np.empty(size), np.empty(size), 0
    with np.errstate(over="ignore"):
        for first in range(0, n, size):
            for place, coordinate in ((1, x), (2, y)):
                np.add(twice, start + np.uint64(2 * first + place), out=counter)
                _uniform(counter, shifted, coordinate)
            np.multiply(x, x, out=x)
            np.multiply(y, y, out=y)
            x += y
            hits += int(np.count_nonzero(x[: n - first] < 1.0))
    return np.float64(4.0 * (hits / n))


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
    place = destination(out, z.shape, (z,), in_place=True)
    answer = np.multiply(z, volatility, out=np.empty(z.shape) if place is None else place)
    answer += drift
    np.exp(answer, out=answer)
    np.cumprod(answer, out=answer)
    answer *= start
    return answer


def random_walk(steps: Whole, out: Whole | None = None) -> Whole:
    """Return the places (n,)."""
    steps = array("steps", steps, 1, INT64)
    place = destination(out, steps.shape, (steps,), in_place=True, dtype=INT64)
    return np.cumsum(steps, out=place)
