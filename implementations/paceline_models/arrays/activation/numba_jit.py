"""Activations in Numba: one loop a chain, the same text as ``rust_pyo3``; fused where written."""

from __future__ import annotations

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_x
from paceline_models.arrays._numba_math import exp


@compiled
def _sigmoid(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = 1.0 / (1.0 + exp(-x[i]))


sigmoid = of_x(_sigmoid)
