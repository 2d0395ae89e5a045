"""Activations in NumPy with as few arrays as can be: ``out=`` in every operation, no powers. IEEE rules."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least
from paceline_models.arrays._numpy import alike, place

ROOT = math.sqrt(2.0 / math.pi)


def sigmoid(x: Array, out: Array | None = None) -> Array:
    """Return 1 / (1 + e^-x)."""
    x = array("x", x)
    return _logistic(x, place(out, x.shape, (x,)))


def swish(x: Array, out: Array | None = None) -> Array:
    """Return x / (1 + e^-x)."""
    x = array("x", x)
    y = place(out, x.shape, (x,))
    return np.multiply(x, _logistic(x, np.empty_like(x)), out=y)


def gelu(x: Array, out: Array | None = None) -> Array:
    """Return x (1 + tanh z) / 2, z = sqrt(2/pi) (x + 0.044715 x^3)."""
    x = array("x", x)
    y = place(out, x.shape, (x,))
    z = np.multiply(x, x, out=np.empty(x.shape))
    z *= 0.044715
    z *= x
    z += x
    z *= ROOT
    np.tanh(z, out=z)
    z += 1.0
    z *= 0.5
    return np.multiply(x, z, out=y)


def relu_scale_bias(x: Array, out: Array | None = None) -> Array:
    """Return 0.1 max(x, 0) + 0.5."""
    x = array("x", x)
    y = np.maximum(x, 0.0, out=place(out, x.shape, (x,)))
    y *= 0.1
    y += 0.5
    return y


def softmax(x: Array, out: Array | None = None) -> Array:
    """Return e^x over its sum."""
    x = array("x", x)
    y = place(out, x.shape, (x,))
    at_least("x", x, 1)
    np.exp(np.subtract(x, x.max(), out=y), out=y)
    y /= y.sum()
    return y


def log_softmax(x: Array, out: Array | None = None) -> Array:
    """Return the logarithm of that."""
    x = array("x", x)
    y = place(out, x.shape, (x,))
    at_least("x", x, 1)
    np.subtract(x, x.max(), out=y)
    y -= math.log(float(np.exp(y).sum()))
    return y


def exp_sin_chain(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return sin(e^(a + b))."""
    a, b = alike(("a", "b"), (a, b))
    y = np.add(a, b, out=place(out, a.shape, (a, b)))
    np.exp(y, out=y)
    return np.sin(y, out=y)


def _logistic(x: Array, y: Array) -> Array:
    np.negative(x, out=y)
    np.exp(y, out=y)
    y += 1.0
    return np.divide(1.0, y, out=y)
