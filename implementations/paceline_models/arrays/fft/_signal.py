"""The argument that all implementations share."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, finite


def signal(x: Array) -> Array:
    """Return the signal (n,), which is not empty and finite."""
    x = array("x", x, 1)
    at_least("x", x, 1)
    if not np.isfinite(x).all():
        finite("x", x)  # raises
    return x
