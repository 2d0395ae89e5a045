"""Nearest nodes by scipy's KD-tree: what ``scipy_kdtree`` and ``scipy_bounded`` share."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._model import Prepared, pack
from paceline_models.monty.evidence.pure_numpy import smallest, squares

ALIKE = 1.0 + 1e-9  # distances closer than this may be equal: the tree rounds otherwise, and ignores indices


def planted(objects: Any) -> Prepared:
    """Return the objects side by side with a tree over each: the index is (trees,)."""
    prepared = pack(objects)
    trees = [cKDTree(prepared.pos[low:high]) for low, high in pairwise(prepared.starts)]
    return replace(prepared, made_by="cKDTree", index=(trees,))


def nearest(
    prepared: Prepared, o: int, loc: Array, settings: Settings, reach: float = np.inf
) -> NDArray[np.int64]:
    """Return the indices (H, k) of an object's nodes nearest to locations (H, 3) and within reach.

    Where there are fewer, the others are repeated, or some node that is out of range stands for all.
    """
    pos = prepared.pos[prepared.starts[o] : prepared.starts[o + 1]]
    nodes = pos.shape[0]
    k = min(settings.k, nodes)
    asked = np.arange(1, min(k + 1, nodes) + 1)
    far, found = prepared.index[0][o].query(loc, k=asked, distance_upper_bound=reach)
    if nodes > k:
        tied = np.isfinite(far[:, k]) & (far[:, k] <= far[:, k - 1] * ALIKE)
        for row in np.flatnonzero(tied):  # the next one may be as near: by distance and index
            found[row, :k] = smallest(squares(pos, loc[row : row + 1]), k)
    near: NDArray[np.int64] = found[:, :k]
    near = np.where(near == nodes, near[:, :1], near)
    return np.where(near == nodes, 0, near)
