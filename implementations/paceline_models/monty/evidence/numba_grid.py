"""The matcher in Numba with a grid: the same text as ``rust_grid``, nodes out of range passed by, exact."""

from __future__ import annotations

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._grid import gridded
from paceline_models.monty.evidence._model import Prepared, Run, matcher
from paceline_models.monty.evidence._numba import (
    UNTESTED,
    bound,
    compiled,
    curvature,
    features,
    move,
    settle,
    start,
    summarise,
    weigh,
)
from paceline_models.monty.evidence._numba_grid import insert_any, span

prepare = gridded


@compiled
def nearest(
    loc: Array,
    h: int,
    o: int,
    order: Index,
    coordinates: Array,
    cells: Index,
    shape: Index,
    place: Array,
    reach: float,
    limit: float,
    k: int,
    near_d: Array,
    near: Index,
) -> int:
    """Fill the k nodes of an object in range that are nearest to a hypothesis; return how many there are."""
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    nx, ny = shape[o, 0], shape[o, 1]
    x0, x1 = span(x, place[o, 0], place[o, 3], reach, nx)
    y0, y1 = span(y, place[o, 1], place[o, 3], reach, ny)
    z0, z1 = span(z, place[o, 2], place[o, 3], reach, shape[o, 2])
    found = 0
    if x0 > x1:
        return found
    for c in range(z0, z1 + 1):
        for b in range(y0, y1 + 1):
            row = shape[o, 3] + (c * ny + b) * nx
            for i in range(cells[row + x0], cells[row + x1 + 1]):
                dx, dy, dz = coordinates[0, i] - x, coordinates[1, i] - y, coordinates[2, i] - z
                d = dx * dx + dy * dy + dz * dz
                if d <= limit:
                    found = insert_any(d, order[i], found, k, near_d, near)
    return found


@compiled
def episode(
    pos: Array, frame: Array, defined: Array, hsv: Array, curv: Array, starts: Index, order: Index,
    coordinates: Array, cells: Index, shape: Index, place: Array, candidates: Array,
    sensed: Array, displacement: Array, first: int, k: int, radius: float, past: float, present: float,
    share: float, loc: Array, rot: Array, ev: Array, best: Array, arg: Index, history: Array,
) -> None:  # fmt: skip
    """Take all observations in, the first of which is number ``first`` of the episode."""
    frames = candidates.shape[0]
    phi, new = np.empty(pos.shape[0]), np.empty(ev.shape[0])
    reach, limit = radius * (1.0 + 1e-9), radius * radius * (1.0 + 1e-12)
    near_d, near = np.empty(k), np.empty(k, dtype=np.int64)
    for t in range(sensed.shape[0]):
        seen = sensed[t]
        features(seen, hsv, curv, phi)
        if first + t == 0:
            start(pos, frame, starts, candidates, phi, loc, rot, ev)
        else:
            threshold, kappa = bound(ev, share), curvature(seen)
            for o in range(starts.shape[0] - 1):
                low, high = starts[o], starts[o + 1]
                least = np.inf
                for h in range(frames * low, frames * high):
                    move(loc, rot, h, displacement[t])
                    new[h] = UNTESTED
                    if ev[h] >= threshold:
                        found = nearest(
                            loc, h, o, order, coordinates, cells, shape, place, reach, limit, k, near_d, near
                        )
                        new[h] = weigh(
                            loc, rot, h, near, found, pos, frame, defined, phi, seen, kappa, radius
                        )
                        least = min(least, new[h])
                settle(
                    ev[frames * low : frames * high], new[frames * low : frames * high], least, past, present
                )
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
