"""Order statistics by number of elements and by how these lie."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, LARGE, N, Workload

DATA = ("random", "sorted", "constant", "few", "organ_pipe")


def values(rng: np.random.Generator, n: int, data: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return n values: some of these orders are known to ruin quickselects and samples."""
    if data == "sorted":
        return np.sort(rng.normal(size=n))
    if data == "constant":
        return np.full(n, 3.0)
    if data == "few":
        return rng.integers(0, 4, n).astype(np.float64)
    if data == "organ_pipe":  # up and down again
        rising = np.arange(n, dtype=np.float64)
        return np.concatenate((rising[::2], rising[1::2][::-1]))
    return rng.normal(size=n)


class Median(Workload):
    """The median, to the last bit."""

    package, function = "paceline_models.arrays.order", "median"
    axes = {"n": N, "data": DATA}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int, data: str = "random") -> tuple[Any, ...]:
        """Return values in some order."""
        return (values(rng, n, data),)


class MedianThreads(Median):
    """The median on several threads."""

    axes = {"n": LARGE, "threads": (1, 2)}
    version = "1"


class Percentile(Workload):
    """Three quartiles."""

    package, function = "paceline_models.arrays.order", "percentile"
    axes = {"n": N, "data": DATA, "memory": APART}
    rtol, atol = 1e-15, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int, data: str = "random") -> tuple[Any, ...]:
        """Return values in some order, and the percentages."""
        return values(rng, n, data), np.array([25.0, 50.0, 75.0])


class PercentileThreads(Percentile):
    """Three quartiles on several threads."""

    axes = {"n": LARGE, "threads": (1, 2)}
    version = "1"


class Bincount(Workload):
    """How often each of a hundred whole numbers occurs."""

    package, function = "paceline_models.arrays.order", "bincount"
    axes = {"n": N, "memory": APART}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return whole numbers below 100, and the number of counters."""
        return rng.integers(0, 100, n), 100
