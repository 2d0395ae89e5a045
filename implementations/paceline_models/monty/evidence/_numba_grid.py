"""Cubes around a location, and nodes in any order: what ``numba_grid`` and ``numba_fused`` share."""

from __future__ import annotations

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index
from paceline_models.monty.evidence._numba import compiled, inlined


@inlined
def span(at: float, corner: float, per_side: float, reach: float, cubes: int) -> tuple[int, int]:
    """Return the first and last cube along an axis that lie within reach; (1, 0) where none does."""
    # np.floor stays a float: math.floor would be an int64, which far-off places do not fit in.
    low = max(np.floor((at - reach - corner) * per_side), 0.0)
    high = min(np.floor((at + reach - corner) * per_side), cubes - 1.0)
    if low > high:
        return 1, 0
    return int(low), int(high)


@compiled
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
