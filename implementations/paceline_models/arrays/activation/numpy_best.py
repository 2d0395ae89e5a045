"""Activations in NumPy with as few arrays as possible: ``out=`` in every operation, no powers. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, destination


def sigmoid(x: Array, out: Array | None = None) -> Array:
    """Return 1 / (1 + e^-x)."""
    x = array("x", x)
    out = destination(out, x.shape, (x,), in_place=True)
    y = np.negative(x, out=np.empty(x.shape) if out is None else out)
    np.exp(y, out=y)
    y += 1.0
    return np.divide(1.0, y, out=y)
