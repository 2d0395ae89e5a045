"""The same as ``numba_jit`` on Numba's threads."""

from __future__ import annotations

from numba import prange

from paceline_models.arrays import _numba_math as vector
from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_parallel, of_x
from paceline_models.arrays.umath.numba_jit import _sin

TASK = 32768


@compiled_parallel
def _exp(x: Array, out: Array) -> None:
    for i in prange(x.size):
        out[i] = vector.exp(x[i])


@compiled_parallel
def _sin_parts(x: Array, out: Array) -> None:
    for task in prange((x.size + TASK - 1) // TASK):
        start = task * TASK
        _sin(x[start : start + TASK], out[start : start + TASK])


exp = of_x(_exp)
sin = of_x(_sin_parts)
