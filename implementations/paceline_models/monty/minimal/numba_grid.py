"""Points in cells of a grid in Numba (knn, float64): the same text as ``rust_grid``; else ``numba_jit``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.minimal import MAX_STEPS, _checks
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import Index, run_with
from paceline_models.monty.minimal._numba import Wide, best, compiled, offer, squared
from paceline_models.monty.minimal.numba_jit import _mean

SUMS = "sequential"
SLACK = 1.0 + 1e-9  # of a comparison that decides what need not be looked at

Whole = NDArray[Any]
Grid = tuple[Points, Whole, Whole, Wide, float, Whole]


def prepare(observations: Points) -> Index:
    """Return the observations in cells of the default radius; any radius may be asked for."""
    stored = _checks.points("observations", observations)
    low = stored[:, :3].min(axis=0).astype(np.float64)
    high = stored[:, :3].max(axis=0).astype(np.float64)
    cell, counts = shape(low, high, _checks.default_radius(len(stored)), 4.0 * len(stored) + 64.0)
    rows, indices, starts = sorted_by_cell(stored, low, cell, counts)
    grid: Grid = rows, indices, starts, low, cell, counts
    return Index(stored, __name__, grid, rows.nbytes + indices.nbytes + starts.nbytes)


@compiled
def shape(low: Wide, high: Wide, wished: float, most: float) -> tuple[float, Whole]:
    """Return the width of a cell, and the cells along each axis: not more than ``most`` in all."""
    cell = wished
    while True:
        counts = np.floor((high - low) / cell) + 1.0
        if counts[0] * counts[1] * counts[2] <= most:
            return cell, counts.astype(np.int64)
        cell *= 1.25


@compiled
def along(low: Wide, cell: float, counts: Whole, d: int, value: float) -> int:
    """Return the cell along an axis; what lies outside belongs to the nearest."""
    place = (value - low[d]) / cell
    return int(min(max(place, 0.0), counts[d] - 1.0))


@compiled
def sorted_by_cell(
    observations: Points, low: Wide, cell: float, counts: Whole
) -> tuple[Points, Whole, Whole]:
    """Return the observations in the order of the cells, their indices, and where each cell starts."""
    n = observations.shape[0]
    cells = np.empty(n, np.int64)
    following = np.zeros(counts[0] * counts[1] * counts[2] + 1, np.uint32)
    for j in range(n):
        place = 0
        for d in range(3):
            place = place * counts[d] + along(low, cell, counts, d, np.float64(observations[j, d]))
        cells[j] = place
        following[place + 1] += 1
    for place in range(1, following.shape[0]):
        following[place] += following[place - 1]
    starts = following.copy()
    rows, indices = np.empty_like(observations), np.empty(n, np.uint32)
    for j in range(n):
        place = following[cells[j]]
        rows[place] = observations[j]
        indices[place] = j
        following[cells[j]] += 1
    return rows, indices, starts


@compiled
def search(
    grid: Grid, queries: Points, i: int, radius: float, distances: Wide, keys: Whole, bounds: Whole
) -> float:
    """Return the evidence of query i from the cells within the radius."""
    rows, indices, starts, low, cell, counts = grid
    for d in range(3):
        value = np.float64(queries[i, d])
        reach = radius * SLACK + abs(value) * (SLACK - 1.0)
        bounds[d] = along(low, cell, counts, d, value - reach)
        bounds[3 + d] = along(low, cell, counts, d, value + reach)
    found = 0
    for a in range(bounds[0], bounds[3] + 1):
        for b in range(bounds[1], bounds[4] + 1):
            line = (a * counts[1] + b) * counts[2]
            for place in range(starts[line + bounds[2]], starts[line + bounds[5] + 1]):
                distance = math.sqrt(squared(rows, place, queries, i))
                if distance <= radius:
                    # The index orders ties; the place beneath it finds the feature again.
                    found = offer(
                        distances, keys, found, distance, int(np.int64(indices[place]) << 32) | place
                    )
    for place in range(found):
        keys[place] &= 0xFFFFFFFF
    return best(rows, distances, keys, found, queries[i, 3])


@compiled
def _searched(
    grid: Grid, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
) -> tuple[float, int]:
    distances, keys, bounds = np.empty(k), np.empty(k, np.int64), np.empty(6, np.int64)
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = 0.0, 0
    for _ in range(epochs):
        confidence = 0.0
        done = 0
        for i in range(reach):
            similarity = search(grid, queries, i, radius, distances, keys, bounds)
            evidence[i] = similarity
            confidence = (confidence + similarity) * 0.5
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


def _nearest(source: Index, *search: Any) -> tuple[float, int]:
    return _searched(source.index, *search)


run = run_with(_mean, _nearest, prepare)
