"""Full reductions: what limits them is reading, once the sums stand side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import EPSILON, LARGE, SWEEP, N, Workload

REDUCE = "paceline_models.arrays.reduce"


class Sum(Workload):
    """The sum; errors are measured against the sum of absolute values."""

    package, function = REDUCE, "sum"
    axes = {"n": SWEEP}
    rtol, atol = 0.0, 64 * EPSILON
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)

    def scale(self, x: Any) -> Any:
        return np.abs(x).sum()


class Norm(Workload):
    """The root of the sum of squares."""

    package, function = REDUCE, "norm"
    axes = {"n": N}
    rtol, atol = 1e-12, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)


class Var(Workload):
    """The variance; far from zero, only six digits of it are there."""

    package, function = REDUCE, "var"
    axes = {"n": N, "data": ("normal", "far")}
    rtol, atol = 1e-11, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int, data: str) -> tuple[Any, ...]:
        """Return standard normal values, around 0 or around 1e8."""
        return (rng.normal(size=n) + (1e8 if data == "far" else 0.0),)

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        far = self.arguments[0].min() > 1e7
        return super().compare(got, want, 1e-6 if far else rtol, atol)


class Std(Var):
    """The standard deviation."""

    function = "std"
    version = "1"


class WeightedMean(Workload):
    """sum(x w) / sum(w), weights between 0 and 1."""

    package, function = REDUCE, "weighted_mean"
    axes = {"n": N}
    rtol, atol = 1e-12, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return values around 1, and weights between 0 and 1."""
        return rng.normal(1.0, 1.0, n), rng.uniform(size=n)


class Covariance(Workload):
    """mean((x - mean x) (y - mean y))."""

    package, function = REDUCE, "covariance"
    axes = {"n": N}
    rtol, atol = 1e-10, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return two correlated series."""
        x = rng.normal(size=n)
        return x, 0.5 * x + rng.normal(size=n)


class Mse(Workload):
    """The mean squared difference."""

    package, function = REDUCE, "mse"
    axes = {"n": N}
    rtol, atol = 1e-12, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return two series."""
        return rng.normal(size=n), rng.normal(size=n)


class Corrcoef(Workload):
    """Correlation coefficients of ten series of n."""

    package, function = REDUCE, "corrcoef"
    axes = {"n": (1_000, 10_000, 100_000)}
    rtol, atol = 1e-10, 1e-13
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return ten series of standard normal values."""
        return (rng.normal(size=(10, n)),)


class SumThreads(Sum):
    """The sum on several threads."""

    axes = {"n": LARGE, "threads": (1, 2)}
    version = "1"
