"""Appending row by row, and averages by sorting the voxels: the reference, float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.monty.evidence._checks import Array
from paceline_models.monty.nodes import _checks


def append(observations: Any) -> Array:
    """Return the buffer after all rows were appended one by one."""
    given = _checks.rows(observations)
    buffer, held = np.empty((1, _checks.WIDTH)), 0
    for row in given:
        if held == buffer.shape[0]:
            buffer = np.concatenate((buffer, np.empty_like(buffer)))
        buffer[held] = row
        held += 1
    return buffer[:held]


def run(observations: Any, voxel: float = 0.003, most: int = 2000) -> Array:
    """Return the averages over voxels, in the order in which these were first touched."""
    given, voxel, most = _checks.task(observations, voxel, most)
    cells = np.floor(given[:, :3] / voxel).astype(np.int64)
    _, first, member, counts = np.unique(
        cells, axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first)
    sums = np.zeros((first.size, _checks.WIDTH))
    np.add.at(sums, member.reshape(-1), given)
    sums, counts = sums[order], counts[order]
    kept = np.sort(np.argsort(-counts, kind="stable")[:most])
    nodes: Array = sums[kept] / counts[kept, None]
    return nodes
