"""The matcher in Numba, one pass over the hypotheses, with a grid: the same text as ``rust_fused``."""

from __future__ import annotations

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._grid import LANES, gridded
from paceline_models.monty.evidence._model import Prepared, Run, matcher
from paceline_models.monty.evidence._numba import (
    UNTESTED,
    bound,
    compiled,
    curvature,
    features,
    inlined,
    judge,
    move,
    rotate,
    settle,
    start,
    summarise,
)
from paceline_models.monty.evidence._numba import weigh as plain
from paceline_models.monty.evidence._numba_grid import insert_any, span

COUNTED = 64  # up to so many nodes in range are ranked by counting

prepare = gridded


@inlined
def gather(
    x: float, y: float, z: float, o: int, coordinates: Array, cells: Index, shape: Index, place: Array,
    reach: float, limit: float, far: Array, at: Index,
) -> int:  # fmt: skip
    """Fill squared distances and places of the nodes in range of a location; return how many there are."""
    nx, ny = shape[o, 0], shape[o, 1]
    x0, x1 = span(x, place[o, 0], place[o, 3], reach, nx)
    y0, y1 = span(y, place[o, 1], place[o, 3], reach, ny)
    z0, z1 = span(z, place[o, 2], place[o, 3], reach, shape[o, 2])
    if x0 > x1:
        return 0
    total = 0
    for c in range(z0, z1 + 1):
        for b in range(y0, y1 + 1):
            row = shape[o, 3] + (c * ny + b) * nx
            low, high = cells[row + x0], cells[row + x1 + 1]
            for i in range(low, high, LANES):
                for lane in range(LANES):
                    dx = coordinates[0, i + lane] - x
                    dy = coordinates[1, i + lane] - y
                    dz = coordinates[2, i + lane] - z
                    far[total + i - low + lane] = dx * dx + dy * dy + dz * dz
                for lane in range(LANES):
                    at[total + i - low + lane] = i + lane
            total += high - low
    count = 0
    for i in range(total):
        d = far[i]
        far[count] = d
        at[count] = at[i]
        count += d <= limit
    return count


@compiled
def choose(far: Array, at: Index, count: int, k: int, rank: Index, kept: Index) -> int:
    """Keep the places of nodes with fewer than k nearer ones; return how many: more than k if some tie."""
    for i in range(count, count + LANES):
        far[i] = np.inf
    for i in range(0, count, LANES):
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
    place: Array, reach: float, limit: float, far: Array, at: Index, rank: Index, kept: Index,
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
        if count > COUNTED or choose(far, at, count, k, rank, kept) != k:
            found = 0  # very many in range, or equally far ones: in order of distance and index
            for i in range(count):
                found = insert_any(far[i], order[at[i]], found, k, near_d, near)
            return plain(loc, rot, h, near, found, pos, frame, defined, phi, seen, kappa, radius)
        count = k
    n = rotate(rot, h, seen[0], seen[1], seen[2])
    d = rotate(rot, h, seen[3], seen[4], seen[5])
    best = -1.0
    for i in range(count):
        p = places[i]
        j = order[p]
        dx, dy, dz = coordinates[0, p] - x, coordinates[1, p] - y, coordinates[2, p] - z
        both = seen[9] != 0.0 and defined[j] != 0.0
        best = max(best, judge(dx, dy, dz, n, d, frame, j, both, phi[j], kappa, radius))
    return best


@compiled
def episode(
    pos: Array, frame: Array, defined: Array, hsv: Array, curv: Array, starts: Index, order: Index,
    coordinates: Array, cells: Index, shape: Index, place: Array, candidates: Array,
    sensed: Array, displacement: Array, first: int, k: int, radius: float, past: float, present: float,
    share: float, loc: Array, rot: Array, ev: Array, best: Array, arg: Index, history: Array,
) -> None:  # fmt: skip
    """Take all observations in, the first of which is number ``first`` of the episode."""
    frames = candidates.shape[0]
    phi, new = np.empty(pos.shape[0]), np.empty(ev.shape[0] if share >= 0.0 else 0)
    reach, limit = radius * (1.0 + 1e-9), radius * radius * (1.0 + 1e-12)
    far, at = np.empty(pos.shape[0] + LANES), np.empty(pos.shape[0] + LANES, dtype=np.int64)
    rank, kept = np.empty(COUNTED + LANES, dtype=np.int64), np.empty(COUNTED + LANES, dtype=np.int64)
    near_d, near = np.empty(k), np.empty(k, dtype=np.int64)
    for t in range(sensed.shape[0]):
        seen = sensed[t]
        features(seen, hsv, curv, phi)
        if first + t == 0:
            start(pos, frame, starts, candidates, phi, loc, rot, ev)
        else:
            threshold, kappa = bound(ev, share), curvature(seen)
            for o in range(starts.shape[0] - 1):
                low, high = frames * starts[o], frames * starts[o + 1]
                least = np.inf
                for h in range(low, high):
                    move(loc, rot, h, displacement[t])
                    value = UNTESTED
                    if ev[h] >= threshold:
                        value = weigh(
                            loc, rot, h, o, pos, frame, defined, phi, seen, kappa, radius, k, order,
                            coordinates, cells, shape, place, reach, limit, far, at, rank, kept, near_d, near,
                        )  # fmt: skip
                        least = min(least, value)
                    if share < 0.0:
                        ev[h] = past * ev[h] + present * value
                    else:
                        new[h] = value
                if share >= 0.0:
                    settle(ev[low:high], new[low:high], least, past, present)
        summarise(ev, starts, frames, best[t], arg[t])
        if history.shape[0] > 0:
            history[t] = ev


def _kernel(
    prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array, first: int,
    run: Run,
) -> None:  # fmt: skip
    order, coordinates, cells, shape, place = prepared.index
    episode(
        *prepared.nodes, order, coordinates, cells, shape, place, candidates, sensed, displacement, first,
        *settings[:5], run.loc, run.rot, run.ev, run.best, run.arg, run.history,
    )  # fmt: skip


run = matcher(_kernel, prepare, index="grid")
run_steps = matcher(_kernel, prepare, index="grid", by_step=True)
