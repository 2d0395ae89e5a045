"""Normalisation in NumPy with as few passes and arrays as can be: centre once, squares by BLAS, ``out=``."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least
from paceline_models.arrays._numpy import alike, place
from paceline_models.arrays.normalise import EPSILON
from paceline_models.arrays.normalise.pure_numpy import rows


def zscore(x: Array, out: Array | None = None) -> Array:
    """Return (x - mean) / std."""
    x = array("x", x)
    y = place(out, x.shape, (x,))
    if x.size:
        np.subtract(x, x.mean(), out=y)
        y /= np.sqrt(np.vdot(y, y) / y.size)
    return y


def layer_norm(x: Array, gamma: Array, beta: Array, out: Array | None = None) -> Array:
    """Return (x - mean) / sqrt(var + e) gamma + beta."""
    x, gamma, beta = alike(("x", "gamma", "beta"), (x, gamma, beta))
    y = place(out, x.shape, (x, gamma, beta))
    if x.size:
        z = np.subtract(x, x.mean(), out=np.empty(x.shape))
        z *= 1.0 / np.sqrt(np.vdot(z, z) / z.size + EPSILON)
        z *= gamma
        np.add(z, beta, out=y)
    return y


def image_normalize(img: Array, out: Array | None = None) -> Array:
    """Return (img - min) / (max - min)."""
    x = array("img", img)
    y = place(out, x.shape, (x,))
    at_least("img", x, 1)
    low, high = x.min(), x.max()
    np.subtract(x, low, out=y)
    y /= high - low
    return y


def zscore_2d(x: Array, out: Array | None = None) -> Array:
    """Return (x - mean) / std of each row."""
    x = array("x", x, 2)
    y = place(out, x.shape, (x,))
    if x.size:
        np.subtract(x, x.mean(axis=1, keepdims=True), out=y)
        y /= np.sqrt(_squares(y) / x.shape[1])
    return y


def layer_norm_rows(x: Array, gamma: Array, beta: Array, out: Array | None = None) -> Array:
    """Return each row normalised, times gamma (c,), and beta (c,)."""
    x, gamma, beta = rows(x, gamma=gamma, beta=beta)
    y = place(out, x.shape, (x, gamma, beta))
    if x.size:
        np.subtract(x, x.mean(axis=1, keepdims=True), out=y)
        y *= 1.0 / np.sqrt(_squares(y) / x.shape[1] + EPSILON)
        y *= gamma
        y += beta
    return y


def batch_norm(x: Array, m: Array, v: Array, g: Array, b: Array, out: Array | None = None) -> Array:
    """Return (x - m) / sqrt(v + e) g + b, each of a column."""
    x, m, v, g, b = rows(x, m=m, v=v, g=g, b=b)
    y = np.subtract(x, m, out=place(out, x.shape, (x, m, v, g, b)))
    y *= g / np.sqrt(v + EPSILON)
    y += b
    return y


def _squares(x: Array) -> Array:
    return np.asarray(np.vecdot(x, x))[:, np.newaxis]
