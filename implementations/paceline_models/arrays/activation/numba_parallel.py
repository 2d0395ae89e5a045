"""The same as ``numba_jit`` on Numba's threads."""

from __future__ import annotations

from numba import prange

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_parallel, of_x
from paceline_models.arrays._numba_math import exp, fma
from paceline_models.arrays.activation.numba_jit import ROOTS


@compiled_parallel
def _sigmoid(x: Array, out: Array) -> None:
    for i in prange(x.size):
        out[i] = 1.0 / (1.0 + exp(-x[i]))


@compiled_parallel
def _gelu(x: Array, out: Array) -> None:
    for i in prange(x.size):
        z = fma(x[i] * x[i], x[i] * 0.044715, x[i])
        out[i] = x[i] / (1.0 + exp(z * ROOTS))


sigmoid = of_x(_sigmoid)
gelu = of_x(_gelu)
