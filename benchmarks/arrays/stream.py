"""Differences and running sums: what limits them is memory, and in series the chain of additions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, EPSILON, MEMORY, N, Workload


class Diff(Workload):
    """x[1:] - x[:-1]."""

    package = "paceline_models.arrays.stream"
    function = "diff"
    axes = {"n": N, "memory": APART}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)


class Diff2(Diff):
    """Differences of differences."""

    function = "diff2"
    version = "1"


class Gradient(Diff):
    """Central differences, one-sided at the ends."""

    function = "gradient"
    version = "1"


class Convolve3(Diff):
    """Smoothed with a quarter, a half, a quarter."""

    function = "convolve3"
    rtol, atol = 1e-15, 1e-16
    version = "1"


class Cumsum(Diff):
    """The running sum; errors are measured against that of absolute values."""

    function = "cumsum"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 0.0, 8 * EPSILON
    version = "1"

    def scale(self, x: Any) -> Any:
        return np.cumsum(np.abs(x))


class DiffCumsum(Diff):
    """The running sum of differences; errors are measured against that of absolute differences."""

    function = "diff_cumsum"
    rtol, atol = 0.0, 8 * EPSILON
    version = "1"

    def scale(self, x: Any) -> Any:
        return np.cumsum(np.abs(np.diff(x)))
