"""Order statistics in Numba: the same text as ``rust_pyo3``, its portable pass. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import (
    INT64,
    Array,
    Whole,
    at_least,
    bins,
    contiguous,
    count,
    percentages,
    placed,
    target,
)
from paceline_models.arrays._numba import compiled, flat
from paceline_models.arrays.order._numba import neighbours, sample

FEW = 4096  # with more counters than this, one table of them is enough


@compiled
def _median(x: Array) -> float:
    if x.size == 0:
        return np.nan
    rank, following = (x.size - 1) // 2, x.size // 2
    low, high = neighbours(x, sample(x), rank, following, np.empty(x.size + 1))
    return low if rank == following else (low + high) / 2.0


@compiled
def _percentile(x: Array, q: Array, out: Array) -> None:
    taken, kept = sample(x), np.empty(x.size + 1)
    for i in range(q.size):
        where = (x.size - 1) * (q[i] / 100.0)
        rank = int(where)
        low, high = neighbours(x, taken, rank, min(rank + 1, x.size - 1), kept)
        weight, difference = where - rank, high - low
        out[i] = high - difference * (1.0 - weight) if weight >= 0.5 else low + difference * weight


@compiled
def _tally(x: Whole, start: int, out: Whole) -> bool:
    for i in range(start, x.size):
        if np.uint64(x[i]) >= np.uint64(out.size):
            return False
        out[x[i]] += 1
    return True


@compiled
def _bincount(x: Whole, out: Whole) -> bool:
    """Count; false, at the first value that has no counter. Four counters a value: none waits for another."""
    bound = np.uint64(out.size)
    out[:] = 0
    if out.size > FEW:
        return _tally(x, 0, out)
    more = np.zeros((3, out.size), np.int64)
    whole = x.size - x.size % 4
    for i in range(0, whole, 4):
        a, b, c, d = x[i], x[i + 1], x[i + 2], x[i + 3]
        if max(np.uint64(a), np.uint64(b), np.uint64(c), np.uint64(d)) >= bound:
            return False
        out[a] += 1
        more[0, b] += 1
        more[1, c] += 1
        more[2, d] += 1
    for i in range(out.size):
        out[i] += more[0, i] + more[1, i] + more[2, i]
    return _tally(x, whole, out)


def median(x: Array) -> np.float64:
    """Return the median of all elements."""
    return np.float64(_median(flat(contiguous("x", x))))


def percentile(x: Array, q: Array, out: Array | None = None) -> Array:
    """Return the percentiles q of all elements."""
    given, asked = contiguous("x", x), contiguous("q", q, 1)
    at_least("x", given, 1)
    percentages("q", asked)
    filled = target(out, asked.shape, (x, q), in_place=False)
    _percentile(flat(given), asked, filled)
    return placed(out, filled)


def bincount(x: Whole, minlength: int, out: Whole | None = None) -> Whole:
    """Return how often 0, 1, ... occur."""
    given, length = contiguous("x", x, 1, INT64), count("minlength", minlength)
    if out is None:
        filled = np.empty(length, INT64)
        if _bincount(given, filled):
            return filled
    filled = target(out, (bins("x", given, length),), (x,), in_place=False, dtype=INT64)
    _bincount(given, filled)
    return placed(out, filled)
