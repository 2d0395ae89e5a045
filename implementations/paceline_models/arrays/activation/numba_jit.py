"""Activations in Numba: one loop a chain, the same text as ``rust_pyo3``; fused where written."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array, at_least, contiguous, placed, target
from paceline_models.arrays._numba import compiled, flat, of_each, of_x
from paceline_models.arrays._numba_math import ANGLES, exp, fma, sin

ROOTS = -2.0 * math.sqrt(2.0 / math.pi)
BLOCK = 512


@compiled
def _sigmoid(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = 1.0 / (1.0 + exp(-x[i]))


@compiled
def _swish(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = x[i] / (1.0 + exp(-x[i]))


@compiled
def _gelu(x: Array, out: Array) -> None:
    for i in range(x.size):
        z = fma(x[i] * x[i], x[i] * 0.044715, x[i])
        out[i] = x[i] / (1.0 + exp(z * ROOTS))


@compiled
def _relu_scale_bias(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = fma(0.0 if x[i] < 0.0 else x[i], 0.1, 0.5)


@compiled
def largest(x: Array) -> float:
    """Return the largest element; NaN where there is one."""
    most = -math.inf
    for i in range(x.size):
        most = most if most != most or x[i] <= most else x[i]  # noqa: PLR0124
    return most


@compiled
def _softmax(x: Array, out: Array) -> None:
    most = largest(x)
    total = 0.0
    for start in range(0, x.size, BLOCK):
        part, filled = x[start : start + BLOCK], out[start : start + BLOCK]
        for i in range(part.size):
            filled[i] = exp(part[i] - most)
        for i in range(part.size):
            total += filled[i]
    factor = 1.0 / total
    for i in range(x.size):
        out[i] *= factor


@compiled
def _log_softmax(x: Array, out: Array) -> None:
    most = largest(x)
    total = 0.0
    values = np.empty(BLOCK)
    for start in range(0, x.size, BLOCK):
        part = x[start : start + BLOCK]
        for i in range(part.size):
            values[i] = exp(part[i] - most)
        for i in range(part.size):
            total += values[i]
    log_total = math.log(total)
    for i in range(x.size):
        out[i] = x[i] - most - log_total


@compiled
def moderate(a: Array, b: Array, limit: float) -> bool:
    """Return whether all sums are within the limit."""
    usual = True
    for i in range(a.size):
        usual &= abs(a[i] + b[i]) <= limit
    return usual


@compiled
def _exp_sin_chain(a: Array, b: Array, out: Array) -> None:
    limit = math.log(ANGLES)
    for start in range(0, a.size, BLOCK):
        one, other = a[start : start + BLOCK], b[start : start + BLOCK]
        filled = out[start : start + BLOCK]
        if moderate(one, other, limit):
            for i in range(filled.size):
                filled[i] = sin(exp(one[i] + other[i]))
        else:
            for i in range(filled.size):
                filled[i] = math.sin(math.exp(one[i] + other[i]))


def softmax(x: Array, out: Array | None = None) -> Array:
    """Return e^x over its sum."""
    return _of_some(_softmax, x, out)


def log_softmax(x: Array, out: Array | None = None) -> Array:
    """Return the logarithm of that."""
    return _of_some(_log_softmax, x, out)


def _of_some(kernel: object, x: Array, out: Array | None) -> Array:
    given = contiguous("x", x)
    at_least("x", given, 1)
    filled = target(out, given.shape, (x,))
    kernel(flat(given), flat(filled))  # type: ignore[operator]
    return placed(out, filled)


sigmoid = of_x(_sigmoid)
swish = of_x(_swish)
gelu = of_x(_gelu)
relu_scale_bias = of_x(_relu_scale_bias)
exp_sin_chain = of_each(_exp_sin_chain, "a", "b")
