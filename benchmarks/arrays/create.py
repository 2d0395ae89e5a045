"""New arrays by number of elements: the call, the allocator, the first touch of every page."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, Workload

SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)


class Zeros(Workload):
    """Zeros, every page of them touched."""

    package, function = "paceline_models.arrays.create", "zeros"
    axes = {"n": SIZES, "memory": APART}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return the number of elements."""
        return (n,)


class Ones(Zeros):
    """Ones."""

    function = "ones"
    version = "1"


class Linspace(Workload):
    """Evenly spaced values from 0 to 100."""

    package, function = "paceline_models.arrays.create", "linspace"
    axes = {"n": SIZES, "memory": APART}
    rtol, atol = 1e-15, 1e-13
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return the ends and the number of elements."""
        return 0.0, 100.0, n
