"""Activations in Numba with ``math.exp``: the C library's, a number at a time. IEEE rules."""

from __future__ import annotations

import math

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_each, of_x

ROOT = math.sqrt(2.0 / math.pi)


@compiled
def _sigmoid(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = 1.0 / (1.0 + math.exp(-x[i]))


@compiled
def _swish(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = x[i] * (1.0 / (1.0 + math.exp(-x[i])))


@compiled
def _gelu(x: Array, out: Array) -> None:
    for i in range(x.size):
        z = ROOT * (x[i] + 0.044715 * x[i] * x[i] * x[i])
        out[i] = 0.5 * x[i] * (1.0 + math.tanh(z))


@compiled
def _exp_sin_chain(a: Array, b: Array, out: Array) -> None:
    for i in range(a.size):
        out[i] = math.sin(math.exp(a[i] + b[i]))


sigmoid = of_x(_sigmoid)
swish = of_x(_swish)
gelu = of_x(_gelu)
exp_sin_chain = of_each(_exp_sin_chain, "a", "b")
