"""The matcher in Numba, one pass over the hypotheses, with a grid: the same text as ``rust_fused``."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._grid import LANES, gridded
from paceline_models.monty.evidence._model import Nodes, Prepared, Run, matcher
from paceline_models.monty.evidence._numba import UNTESTED, inlined, judge, move, rotate, settle, uncounted
from paceline_models.monty.evidence._numba import weigh as plain
from paceline_models.monty.evidence._numba_episode import Room, Sight, searching, updates
from paceline_models.monty.evidence._numba_grid import Grid, insert_any, span, within

COUNTED = 64  # up to so many nodes in range are ranked by counting
EIGHT = 8  # counters in a register
WIDE = np.uint64(LANES)  # unsigned: an index that may be negative costs a comparison, and loads no vector
ONE = np.uint64(1)

Places = NDArray[np.uint64]

prepare = gridded


class Fused(NamedTuple):
    """The grid, and room for the nodes around a hypothesis: squared distances, places, ranks, the nearest."""

    grid: Grid
    far: Array
    at: Places
    rank: Index
    kept: Places


@inlined
def gather(
    x: float, y: float, z: float, o: int, coordinates: Array, cells: Index, shape: Index, place: Array,
    reach: float, limit: float, far: Array, at: Places,
) -> Any:  # fmt: skip
    """Fill squared distances and places of the nodes in range of a location; return how many there are."""
    nx, ny = shape[o, 0], shape[o, 1]
    x0, x1 = span(x, place[o, 0], place[o, 3], reach, nx)
    y0, y1 = span(y, place[o, 1], place[o, 3], reach, ny)
    z0, z1 = span(z, place[o, 2], place[o, 3], reach, shape[o, 2])
    total = np.uint64(0)
    if x0 > x1:
        return total
    for c in range(z0, z1 + 1):
        for b in range(y0, y1 + 1):
            row = shape[o, 3] + (c * ny + b) * nx
            low, high = np.uint64(cells[row + x0]), np.uint64(cells[row + x1 + 1])
            wide = high - low + (low - high) % WIDE
            for i in range(wide):  # a row of cubes at once: a loop over eight is unrolled, not vectorised
                dx = coordinates[0, low + i] - x
                dy = coordinates[1, low + i] - y
                dz = coordinates[2, low + i] - z
                far[total + i] = dx * dx + dy * dy + dz * dz
            for i in range(wide):
                at[total + i] = low + i
            total += high - low
    count = np.uint64(0)
    for i in range(total):
        d = far[i]
        far[count] = d
        at[count] = at[i]
        count += ONE if d <= limit else np.uint64(0)
    return count


@uncounted
def choose(far: Array, at: Places, count: Any, k: int, rank: Index, kept: Places) -> int:
    """Keep the places of nodes with fewer than k nearer ones; return how many: more than k if some tie."""
    for i in range(count, count + EIGHT):
        far[i] = np.inf
    for i in range(0, count, EIGHT):
        a, b, c, d = far[i], far[i + 1], far[i + 2], far[i + 3]
        e, f, g, h = far[i + 4], far[i + 5], far[i + 6], far[i + 7]
        p = q = r = s = t = u = v = w = 0  # how many are nearer: eight counters in one register
        for j in range(count):
            nearer = far[j]
            p += nearer < a
            q += nearer < b
            r += nearer < c
            s += nearer < d
            t += nearer < e
            u += nearer < f
            v += nearer < g
            w += nearer < h
        rank[i], rank[i + 1], rank[i + 2], rank[i + 3] = p, q, r, s
        rank[i + 4], rank[i + 5], rank[i + 6], rank[i + 7] = t, u, v, w
    chosen = 0
    for i in range(count):
        kept[chosen] = at[i]
        chosen += rank[i] < k
    return chosen


@inlined
def weigh(
    loc: Array, rot: Array, h: int, o: int, pos: Array, frame: Array, defined: Array, phi: Array, seen: Array,
    kappa: float, radius: float, k: int, order: Index, coordinates: Array, cells: Index, shape: Index,
    place: Array, reach: float, limit: float, far: Array, at: Places, rank: Index, kept: Places,
    near_d: Array, near: Index,
) -> float:  # fmt: skip
    """Return the evidence of an observation for a hypothesis: the best of its nearest nodes."""
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    count = gather(x, y, z, o, coordinates, cells, shape, place, reach, limit, far, at)
    if count == 0:
        return -1.0
    places = at
    if count > k:
        places = kept
        if count > COUNTED or choose(far, at, np.int64(count), k, rank, kept) != k:
            found = 0  # very many in range, or equally far ones: in order of distance and index
            for i in range(count):
                found = insert_any(far[i], order[at[i]], found, k, near_d, near)
            return plain(loc, rot, h, near, found, pos, frame, defined, phi, seen, kappa, radius)
        count = np.uint64(k)
    n = rotate(rot, h, seen[0], seen[1], seen[2])
    d = rotate(rot, h, seen[3], seen[4], seen[5])
    best = -1.0
    for i in range(count):
        p = places[i]
        j: Any = np.uint64(order[p])
        dx, dy, dz = coordinates[0, p] - x, coordinates[1, p] - y, coordinates[2, p] - z
        both = seen[9] != 0.0 and defined[j] != 0.0
        best = max(best, judge(dx, dy, dz, n, d, frame, j, both, phi[j], kappa, radius))
    return best


@updates(Fused)
def update(
    search: Fused, nodes: Nodes, settings: Settings, sight: Sight, run: Run, room: Room, o: int, low: int,
    high: int,
) -> None:  # fmt: skip
    """Weigh one hypothesis after the other; put new evidence aside only where some may stay untested."""
    (order, coordinates, cells, shape, place, reach, limit), far, at, rank, kept = search
    loc, rot, ev, new, all_tested = run.loc, run.rot, run.ev, room.new, settings.share < 0.0
    least = np.inf
    for h in range(low, high):
        move(loc, rot, h, sight.v)
        value = UNTESTED
        if ev[h] >= sight.threshold:
            value = weigh(
                loc, rot, h, o, nodes.pos, nodes.frame, nodes.defined, sight.phi, sight.seen, sight.kappa,
                settings.radius, settings.k, order, coordinates, cells, shape, place, reach, limit, far, at,
                rank, kept, room.near_d, room.near,
            )  # fmt: skip
            least = min(least, value)
        if all_tested:
            ev[h] = settings.past * ev[h] + settings.present * value
        else:
            new[h] = value
    if not all_tested:
        settle(ev[low:high], new[low:high], least, settings.past, settings.present)


def _fused(prepared: Prepared, settings: Settings) -> Fused:
    nodes, ranks = prepared.pos.shape[0] + LANES, COUNTED + EIGHT
    return Fused(
        within(prepared, settings), np.empty(nodes), np.empty(nodes, np.uint64), np.empty(ranks, np.int64),
        np.empty(ranks, np.uint64),
    )  # fmt: skip


run = matcher(searching(_fused), prepare, index="grid")
run_steps = matcher(searching(_fused), prepare, index="grid", by_step=True)
