"""Reductions of square matrices along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, N, Workload, square


class VarAxis0(Workload):
    """The variance of each column."""

    package = "paceline_models.arrays.axis"
    function = "var_axis0"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-11, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of standard normal values."""
        return (rng.normal(size=square(n)),)


class StdAxis1(VarAxis0):
    """The standard deviation of each row."""

    function = "std_axis1"
    version = "1"


class SumAxis0(VarAxis0):
    """The sum of each column."""

    function = "sum_axis0"
    rtol, atol = 1e-12, 1e-13
    version = "1"


class SumAxis1(SumAxis0):
    """The sum of each row."""

    function = "sum_axis1"
    version = "1"
