"""The matcher in Numba, nodes out of range passed by: the same text as ``rust_bounded``. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._model import Prepared, Run, matcher, pack
from paceline_models.monty.evidence._numba import (
    UNTESTED,
    bound,
    compiled,
    curvature,
    features,
    insert,
    move,
    settle,
    start,
    summarise,
    weigh,
)

prepare = pack


@compiled
def nearest(
    loc: Array, h: int, pos: Array, low: int, high: int, limit: float, k: int, near_d: Array, near: Index
) -> int:
    """Fill the k nodes of low to high within a squared distance that are nearest to a hypothesis."""
    x, y, z = loc[h, 0], loc[h, 1], loc[h, 2]
    found = 0
    for j in range(low, high):
        dx, dy, dz = pos[j, 0] - x, pos[j, 1] - y, pos[j, 2] - z
        d = dx * dx + dy * dy + dz * dz
        if d <= limit:
            found = insert(d, j, found, k, near_d, near)
    return found


@compiled
def episode(
    pos: Array, frame: Array, defined: Array, hsv: Array, curv: Array, starts: Index, candidates: Array,
    sensed: Array, displacement: Array, first: int, k: int, radius: float, past: float, present: float,
    share: float, loc: Array, rot: Array, ev: Array, best: Array, arg: Index, history: Array,
) -> None:  # fmt: skip
    """Take all observations in, the first of which is number ``first`` of the episode."""
    frames = candidates.shape[0]
    phi, new = np.empty(pos.shape[0]), np.empty(ev.shape[0])
    limit = radius * radius * (1.0 + 1e-12)
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
                        found = nearest(loc, h, pos, low, high, limit, k, near_d, near)
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
    episode(
        *prepared.nodes, candidates, sensed, displacement, first, *settings[:5],
        run.loc, run.rot, run.ev, run.best, run.arg, run.history,
    )  # fmt: skip


run = matcher(_kernel, prepare)
run_steps = matcher(_kernel, prepare, by_step=True)
