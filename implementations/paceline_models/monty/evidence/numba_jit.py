"""The evidence matcher in Numba: the same text as ``rust_pyo3``, a scan over all nodes. IEEE rules."""

from __future__ import annotations

from typing import NamedTuple

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._model import Nodes, Prepared, matcher, pack
from paceline_models.monty.evidence._numba import insert
from paceline_models.monty.evidence._numba_episode import finds, searching

prepare = pack


class Scan(NamedTuple):
    """All nodes."""

    pos: Array


@finds(Scan)
def nearest(
    search: Scan, nodes: Nodes, o: int, loc: Array, h: int, k: int, near_d: Array, near: Index
) -> int:
    """Fill the k nodes of an object that are nearest to a hypothesis; return how many there are."""
    pos = search.pos
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    found = 0
    for j in range(nodes.starts[o], nodes.starts[o + 1]):
        dx, dy, dz = pos[j, 0] - x, pos[j, 1] - y, pos[j, 2] - z
        found = insert(dx * dx + dy * dy + dz * dz, j, found, k, near_d, near)
    return found


def _scan(prepared: Prepared, settings: Settings) -> Scan:
    return Scan(prepared.pos)


run = matcher(searching(_scan), prepare)
run_steps = matcher(searching(_scan), prepare, by_step=True)
