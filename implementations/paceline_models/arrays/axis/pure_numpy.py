"""Axis reductions as NumPy users write them. IEEE rules."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, destination, placed


def _along(method: Callable[..., Any], axis: int) -> Callable[..., Array]:
    def call(x: Array, out: Array | None = None) -> Array:
        x = array("x", x, 2)
        place = destination(out, (x.shape[1 - axis],), (x,), in_place=False)
        if x.size == 0:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # means of nothing are NaN here, and no more to say
                return placed(place, method(x, axis=axis))
        return placed(place, method(x, axis=axis))

    return call


sum_axis0 = _along(np.sum, 0)
sum_axis1 = _along(np.sum, 1)
var_axis0 = _along(np.var, 0)
std_axis1 = _along(np.std, 1)
