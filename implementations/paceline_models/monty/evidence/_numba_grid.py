"""Cubes around a location, and nodes in any order: what ``numba_grid`` and ``numba_fused`` share."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._model import Prepared
from paceline_models.monty.evidence._numba import inlined, limit_of, uncounted


class Grid(NamedTuple):
    """Cubes over the nodes, as ``_grid.py`` makes them; the range, and its square, rounding included."""

    order: Index
    coordinates: Array
    cells: Index
    shape: Index
    place: Array
    reach: float
    limit: float


def within(prepared: Prepared, settings: Settings) -> Grid:
    """Return the grid, for nodes within the radius."""
    order, coordinates, cells, shape, place = prepared.index
    return Grid(
        order, coordinates, cells, shape, place, settings.radius * (1.0 + 1e-9), limit_of(settings.radius)
    )


@inlined
def span(at: float, corner: float, per_side: float, reach: float, cubes: int) -> tuple[int, int]:
    """Return the first and last cube along an axis that lie within reach; (1, 0) where none does."""
    # np.floor stays a float: math.floor would be an int64, which far-off places do not fit in.
    low = max(np.floor((at - reach - corner) * per_side), 0.0)
    high = min(np.floor((at + reach - corner) * per_side), cubes - 1.0)
    if low > high:
        return 1, 0
    return int(low), int(high)


@uncounted
def insert_any(d: float, j: int, found: int, k: int, near_d: Array, near: Index) -> int:
    """Keep node j at squared distance d if it is among the k nearest, by (distance, index)."""
    if found < k:
        place = found
        found += 1
    elif d < near_d[k - 1] or (d == near_d[k - 1] and j < near[k - 1]):
        place = k - 1
    else:
        return found
    while place > 0 and (d < near_d[place - 1] or (d == near_d[place - 1] and j < near[place - 1])):
        near_d[place] = near_d[place - 1]
        near[place] = near[place - 1]
        place -= 1
    near_d[place] = d
    near[place] = j
    return found
