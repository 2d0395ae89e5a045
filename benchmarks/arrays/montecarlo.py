"""Monte Carlo by number of points, steps or times."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import LARGE, MEMORY, N, Workload

MONTECARLO = "paceline_models.arrays.montecarlo"


class McPi(Workload):
    """Pi from points in the unit square; all implementations count the same hits."""

    package, function = MONTECARLO, "mc_pi"
    axes = {"n": N}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return the number of points and the seed."""
        return n, 12345


class McPiThreads(McPi):
    """Pi from points in the unit square on several threads."""

    axes = {"n": LARGE, "threads": (1, 2)}
    version = "1"


class BlackScholesPaths(Workload):
    """A path of geometric Brownian motion in daily steps, from given normal values."""

    package, function = MONTECARLO, "black_scholes_paths"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-10, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return normal values, the start, drift and volatility a day (5 and 20 percent a year)."""
        return rng.normal(size=n), 100.0, (0.05 - 0.5 * 0.2**2) / 252, 0.2 / np.sqrt(252.0)


class RandomWalk(Workload):
    """Running sums of steps up and down."""

    package, function = MONTECARLO, "random_walk"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return steps of -1 and 1."""
        return (rng.choice(np.array([-1, 1]), n),)
