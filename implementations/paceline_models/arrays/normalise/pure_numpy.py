"""Normalisation as NumPy users write it: four passes, four arrays. IEEE rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, destination, placed, shaped
from paceline_models.arrays._numpy import written
from paceline_models.arrays.normalise import EPSILON


def _zscore(x: Array) -> Any:
    if x.size == 0:
        return np.empty(x.shape)
    return (x - x.mean()) / x.std()


def _layer_norm(x: Array, gamma: Array, beta: Array) -> Any:
    if x.size == 0:
        return np.empty(x.shape)
    return (x - x.mean()) / np.sqrt(x.var() + EPSILON) * gamma + beta


def _image_normalize(img: Array) -> Any:
    at_least("img", img, 1)
    return (img - img.min()) / (img.max() - img.min())


def zscore_2d(x: Array, out: Array | None = None) -> Array:
    """Return (x - mean) / std of each row."""
    x = array("x", x, 2)
    place = destination(out, x.shape, (x,), in_place=True)
    if x.size == 0:
        return placed(place, np.empty(x.shape))
    return placed(place, (x - x.mean(axis=1, keepdims=True)) / x.std(axis=1, keepdims=True))


def layer_norm_rows(x: Array, gamma: Array, beta: Array, out: Array | None = None) -> Array:
    """Return each row normalised, times gamma (c,), and beta (c,)."""
    x, gamma, beta = rows(x, gamma=gamma, beta=beta)
    place = destination(out, x.shape, (x, gamma, beta), in_place=True)
    if x.size == 0:
        return placed(place, np.empty(x.shape))
    off = x - x.mean(axis=1, keepdims=True)
    return placed(place, off / np.sqrt(x.var(axis=1, keepdims=True) + EPSILON) * gamma + beta)


def batch_norm(x: Array, m: Array, v: Array, g: Array, b: Array, out: Array | None = None) -> Array:
    """Return (x - m) / sqrt(v + e) g + b, each of a column."""
    x, m, v, g, b = rows(x, m=m, v=v, g=g, b=b)
    place = destination(out, x.shape, (x, m, v, g, b), in_place=True)
    return placed(place, (x - m) / np.sqrt(v + EPSILON) * g + b)


def rows(x: Array, **columns: Array) -> list[Array]:
    """Return x (r, c) and vectors (c,), checked."""
    x = array("x", x, 2)
    given = [array(name, value) for name, value in columns.items()]
    for name, value in zip(columns, given, strict=True):
        shaped(name, value, x.shape[1:])
    return [x, *given]


zscore = written(_zscore, "x")
layer_norm = written(_layer_norm, "x", "gamma", "beta")
image_normalize = written(_image_normalize, "img")
