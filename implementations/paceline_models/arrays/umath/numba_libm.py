"""``math.exp`` and the like in Numba: the C library's, a number at a time. IEEE rules."""

from __future__ import annotations

import math

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_x


@compiled
def _exp(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.exp(x[i])


@compiled
def _log(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.log(x[i])


@compiled
def _sin(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.sin(x[i])


@compiled
def _cos(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.cos(x[i])


@compiled
def _tanh(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.tanh(x[i])


exp = of_x(_exp)
log = of_x(_log)
sin = of_x(_sin)
cos = of_x(_cos)
tanh = of_x(_tanh)
