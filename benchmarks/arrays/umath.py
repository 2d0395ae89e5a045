"""Functions of each element, by number of elements from one register to main memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, LARGE, SWEEP, N, Workload

UMATH = "paceline_models.arrays.umath"


class Exp(Workload):
    """The exponential function."""

    package, function = UMATH, "exp"
    axes = {"n": SWEEP, "memory": APART}
    rtol, atol = 1e-14, 1e-300
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)


class Log(Workload):
    """The natural logarithm."""

    package, function = UMATH, "log"
    axes = {"n": SWEEP, "memory": APART}
    rtol, atol = 1e-14, 1e-300
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return values between 0.001 and 100."""
        return (rng.uniform(1e-3, 100.0, n),)


class Sin(Workload):
    """The sine."""

    package, function = UMATH, "sin"
    axes = {"n": SWEEP, "memory": APART}
    rtol, atol = 0.0, 4e-16
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return angles between 0 and 100."""
        return (rng.uniform(0.0, 100.0, n),)


class SinMut(Sin):
    """The sine in place, of a copy that is made outside the clock."""

    axes = {"n": N, "memory": ("inplace",)}
    version = "1"


class Cos(Sin):
    """The cosine."""

    function = "cos"
    axes = {"n": SWEEP, "memory": APART}
    version = "1"


class Tanh(Workload):
    """The hyperbolic tangent."""

    package, function = UMATH, "tanh"
    axes = {"n": SWEEP, "memory": APART}
    rtol, atol = 1e-13, 1e-16
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)


class Sqrt(Workload):
    """The square root, correctly rounded everywhere."""

    package, function = UMATH, "sqrt"
    axes = {"n": SWEEP, "memory": APART}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return values between 0 and 100."""
        return (rng.uniform(0.0, 100.0, n),)


class ExpThreads(Exp):
    """The exponential function on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class SinThreads(Sin):
    """The sine on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"
