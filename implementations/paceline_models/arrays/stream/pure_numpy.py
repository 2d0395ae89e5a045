"""Series as NumPy users write them. IEEE rules; sums in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, destination, placed


def _of_series(function: Callable[[Array], Any], least: int, fewer: int, in_place: bool = False) -> Any:
    """Return ``name(x, out=None)`` for ``least`` elements or more, and ``fewer`` in the answer."""

    def call(x: Array, out: Array | None = None) -> Array:
        x = array("x", x, 1)
        at_least("x", x, least)
        place = destination(out, (max(x.size - fewer, 0),), (x,), in_place)
        return placed(place, function(x))

    return call


def _convolve3(x: Array) -> Array:
    return np.convolve(x, [0.25, 0.5, 0.25], mode="same")


def _diff2(x: Array) -> Array:
    return np.diff(x, n=2)


def _diff_cumsum(x: Array) -> Array:
    return np.cumsum(np.diff(x))


diff = _of_series(np.diff, 0, 1)
diff2 = _of_series(_diff2, 0, 2)
gradient = _of_series(np.gradient, 2, 0)
convolve3 = _of_series(_convolve3, 3, 0)
cumsum = _of_series(np.cumsum, 0, 0, in_place=True)
diff_cumsum = _of_series(_diff_cumsum, 0, 1)
