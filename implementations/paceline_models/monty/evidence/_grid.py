"""A grid of cubes over the nodes of every object: nodes sorted by cube, and where each cube's nodes start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index
from paceline_models.monty.evidence._model import Prepared, pack

SIDE = 0.01  # m: the usual range of a node
LANES = 8  # distances are computed for a multiple of so many nodes
MOST = 64  # cubes along an axis: objects of any size have a grid of bounded size


def gridded(objects: Any) -> Prepared:
    """Return the objects side by side with a grid over each.

    The index is (order (N,), coordinates (3, N + 8), cells, shape (O, 4), place (O, 4)): the nodes in the
    order of their cubes, x fastest, by index within a cube; their coordinates in that order, padded; where in
    that order every cube's nodes start and, after an object's last cube, where they end; cubes along x, y, z
    and the object's first entry in ``cells``; the corner of the grid [m] and cubes per metre.
    """
    prepared = pack(objects)
    count = prepared.starts.shape[0] - 1
    order = np.empty(prepared.pos.shape[0], dtype=np.int64)
    shape, place = np.empty((count, 4), dtype=np.int64), np.empty((count, 4))
    cells: list[Index] = []
    for o in range(count):
        low, high = int(prepared.starts[o]), int(prepared.starts[o + 1])
        pos = prepared.pos[low:high]
        corner = pos.min(axis=0)
        side = max(SIDE, float((pos.max(axis=0) - corner).max()) / MOST)
        place[o] = *corner, 1.0 / side
        cube = np.floor((pos - corner) * place[o, 3]).astype(np.int64)
        along = cube.max(axis=0) + 1
        number = (cube[:, 2] * along[1] + cube[:, 1]) * along[0] + cube[:, 0]
        order[low:high] = low + np.argsort(number, kind="stable")
        shape[o] = *along, sum(part.shape[0] for part in cells)
        counts = np.bincount(number, minlength=int(along.prod()))
        cells.append(np.concatenate(([low], low + np.cumsum(counts))))
    coordinates: Array = np.full((3, order.shape[0] + LANES), np.inf)
    coordinates[:, : order.shape[0]] = prepared.pos[order].T
    index = (order, coordinates, np.concatenate(cells), shape, place)
    return replace(prepared, made_by="grid", index=index)
