"""Parts of mode ``knn`` in Numba: the nearest few by (distance, index), in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline_models._numba import njit
from paceline_models.monty.minimal._checks import Points

Wide = NDArray[np.float64]
Whole = NDArray[Any]

compiled = njit(cache=True, error_model="numpy")


@njit(cache=True, error_model="numpy", inline="always")
def squared(rows: Points, j: int, queries: Points, i: int) -> float:
    """Return the squared distance of row j and query i in float64."""
    dx = np.float64(rows[j, 0]) - np.float64(queries[i, 0])
    dy = np.float64(rows[j, 1]) - np.float64(queries[i, 1])
    dz = np.float64(rows[j, 2]) - np.float64(queries[i, 2])
    return dx * dx + dy * dy + dz * dz


@compiled
def offer(distances: Wide, indices: Whole, found: int, distance: float, j: int) -> int:
    """Put (distance, j) in its place among those found; return how many there are now."""
    k = distances.shape[0]
    place = found
    while place > 0 and (
        distances[place - 1] > distance or (distances[place - 1] == distance and indices[place - 1] > j)
    ):
        place -= 1
    if place == k:
        return found
    last = min(found, k - 1)
    for moved in range(last, place, -1):
        distances[moved] = distances[moved - 1]
        indices[moved] = indices[moved - 1]
    distances[place] = distance
    indices[place] = j
    return int(last + 1)


@compiled
def best(rows: Points, distances: Wide, indices: Whole, found: int, feature: float) -> float:
    """Return the greatest 1 / (1 + distance + difference of features) of those found; 0 of none."""
    greatest = 0.0
    for place in range(found):
        difference = abs(np.float64(rows[indices[place], 3]) - np.float64(feature))
        similarity = 1.0 / (1.0 + distances[place] + difference)
        greatest = max(similarity, greatest)
    return greatest
