"""Axis reductions in NumPy with as few arrays as can be: centre once, products without arrays of squares."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array
from paceline_models.arrays._numpy import place


def sum_axis0(x: Array, out: Array | None = None) -> Array:
    """Return the sum of each column."""
    x = array("x", x, 2)
    return np.add.reduce(x, axis=0, out=place(out, x.shape[1:], (x,), in_place=False))


def sum_axis1(x: Array, out: Array | None = None) -> Array:
    """Return the sum of each row."""
    x = array("x", x, 2)
    return np.add.reduce(x, axis=1, out=place(out, x.shape[:1], (x,), in_place=False))


def var_axis0(x: Array, out: Array | None = None) -> Array:
    """Return the variance of each column."""
    x = array("x", x, 2)
    y = place(out, x.shape[1:], (x,), in_place=False)
    if len(x) == 0:
        y.fill(np.nan)
        return y
    off = x - np.add.reduce(x, axis=0) / len(x)
    np.einsum("ij,ij->j", off, off, out=y)
    y /= len(x)
    return y


def std_axis1(x: Array, out: Array | None = None) -> Array:
    """Return the standard deviation of each row."""
    x = array("x", x, 2)
    y = place(out, x.shape[:1], (x,), in_place=False)
    if x.shape[1] == 0:
        y.fill(np.nan)
        return y
    off = x - np.add.reduce(x, axis=1, keepdims=True) / x.shape[1]
    np.vecdot(off, off, out=y)
    y /= x.shape[1]
    return np.sqrt(y, out=y)
