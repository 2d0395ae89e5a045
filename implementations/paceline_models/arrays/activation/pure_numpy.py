"""Activations as NumPy users write them: an array for every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, destination, placed


def sigmoid(x: Array, out: Array | None = None) -> Array:
    """Return 1 / (1 + e^-x)."""
    x = array("x", x)
    destination(out, x.shape, (x,), in_place=True)
    return placed(out, np.asarray(1.0 / (1.0 + np.exp(-x))))
