"""Order statistics as NumPy users write them. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import (
    INT64,
    Array,
    Whole,
    array,
    at_least,
    bins,
    count,
    destination,
    percentages,
    placed,
)


def median(x: Array) -> np.float64:
    """Return the median of all elements."""
    x = array("x", x)
    if x.size == 0:
        return np.float64(np.nan)
    return np.float64(np.median(x))


def percentile(x: Array, q: Array, out: Array | None = None) -> Array:
    """Return the percentiles q of all elements."""
    x, q = array("x", x), array("q", q, 1)
    at_least("x", x, 1)
    percentages("q", q)
    destination(out, q.shape, (x, q), in_place=False)
    with np.errstate(invalid="ignore"):  # infinities less infinities
        return placed(out, np.asarray(np.percentile(x, q)))


def bincount(x: Whole, minlength: int, out: Whole | None = None) -> Whole:
    """Return how often 0, 1, ... occur."""
    x, minlength = array("x", x, 1, INT64), count("minlength", minlength)
    length = bins("x", x, minlength)
    destination(out, (length,), (x,), in_place=False, dtype=INT64)
    return placed(out, np.bincount(x, minlength=minlength))
