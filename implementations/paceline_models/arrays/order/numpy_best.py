"""Order statistics in NumPy by one partition at one rank, NumPy's fast path. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, at_least, destination, percentages
from paceline_models.arrays.order._scalars import between, has_nan, middle, of_parted
from paceline_models.arrays.order.pure_numpy import bincount

__all__ = ["bincount", "median", "percentile"]


def median(x: Array) -> np.float64:
    """Return the median of all elements."""
    x = array("x", x)
    if x.size == 0 or has_nan(x):
        return np.float64(np.nan)
    rank, following = middle(x.size)
    low, high = of_parted(np.partition(x, following, axis=None), rank, following)
    return np.float64(low if rank == following else (low + high) / 2.0)


def percentile(x: Array, q: Array, out: Array | None = None) -> Array:
    """Return the percentiles q of all elements."""
    x, q = array("x", x), array("q", q, 1)
    at_least("x", x, 1)
    percentages("q", q)
    place = destination(out, q.shape, (x, q), in_place=False)
    answer = np.empty(q.shape) if place is None else place
    if has_nan(x):
        answer.fill(np.nan)
        return answer
    parted = x.flatten()
    for i, share in enumerate(q / 100.0):
        where = (x.size - 1) * float(share)
        rank = int(where)
        following = min(rank + 1, x.size - 1)
        parted.partition(following)
        low, high = of_parted(parted, rank, following)
        answer[i] = between(low, high, where - rank)
    return answer
