"""The matcher in Numba, nodes out of range passed by: the same text as ``rust_bounded``. IEEE rules."""

from __future__ import annotations

from typing import NamedTuple

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._model import Nodes, Prepared, matcher, pack
from paceline_models.monty.evidence._numba import insert, limit_of
from paceline_models.monty.evidence._numba_episode import finds, searching

prepare = pack


class Bounded(NamedTuple):
    """All nodes, and the squared distance beyond which none is in range."""

    pos: Array
    limit: float


@finds(Bounded)
def nearest(
    search: Bounded, nodes: Nodes, o: int, loc: Array, h: int, k: int, near_d: Array, near: Index
) -> int:
    """Fill the k nodes of an object in range that are nearest to a hypothesis; return how many there are."""
    pos, limit = search.pos, search.limit
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    found = 0
    for j in range(nodes.starts[o], nodes.starts[o + 1]):
        dx, dy, dz = pos[j, 0] - x, pos[j, 1] - y, pos[j, 2] - z
        d = dx * dx + dy * dy + dz * dz
        if d <= limit:
            found = insert(d, j, found, k, near_d, near)
    return found


def _bounded(prepared: Prepared, settings: Settings) -> Bounded:
    return Bounded(prepared.pos, limit_of(settings.radius))


run = matcher(searching(_bounded), prepare)
run_steps = matcher(searching(_bounded), prepare, by_step=True)
