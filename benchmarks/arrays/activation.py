"""Fused chains of element functions."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import MEMORY, N, Workload


class Sigmoid(Workload):
    """1 / (1 + exp(-x))."""

    package = "paceline_models.arrays.activation"
    function = "sigmoid"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-12, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return standard normal values."""
        return (rng.normal(size=n),)
