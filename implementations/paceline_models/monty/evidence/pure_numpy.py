"""The evidence matcher as its equations stand: the reference."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._equations import features, hypotheses, judged, move, rotate
from paceline_models.monty.evidence._model import Kernel, Prepared, Run, matcher, pack

CHUNK = 64  # hypotheses at a time: their distances to all nodes stay in the cache

prepare = pack

Search = Callable[[Prepared, int, Array, Settings], NDArray[np.int64]]


def nearest(prepared: Prepared, o: int, loc: Array, settings: Settings) -> NDArray[np.int64]:
    """Return the indices (H, k) of an object's nodes nearest to locations (H, 3), by (distance, index)."""
    pos = prepared.pos[prepared.starts[o] : prepared.starts[o + 1]]
    k = min(settings.k, pos.shape[0])
    found = np.empty((loc.shape[0], k), dtype=np.int64)
    for low in range(0, loc.shape[0], CHUNK):
        found[low : low + CHUNK] = smallest(squares(pos, loc[low : low + CHUNK]), k)
    return found


def squares(pos: Array, loc: Array) -> Array:
    """Return the squared distances (H, M) between locations (H, 3) and nodes (M, 3)."""
    dx, dy, dz = (pos[:, axis] - loc[:, axis, None] for axis in range(3))
    return dx * dx + dy * dy + dz * dz


def smallest(values: Array, k: int) -> NDArray[np.int64]:
    """Return the places (H, k) of the k smallest values in every row (H, M); the first of equal ones."""
    chosen = np.argpartition(values, k - 1, axis=1)[:, :k]
    bound = np.take_along_axis(values, chosen[:, -1:], axis=1)
    for row in np.flatnonzero((values <= bound).sum(axis=1) > k):  # equal values at the bound
        chosen[row] = np.argsort(values[row], kind="stable")[:k]
    return chosen


def update(
    run: Run, own: slice, nodes: tuple[Array, ...], settings: Settings, seen: Array, v: Array,
    threshold: float, search: Callable[[Array, Settings], NDArray[np.int64]],
) -> None:  # fmt: skip
    """Take an observation (15,) in, for the hypotheses ``own`` of one object."""
    pos, frame, defined, hsv, curv = nodes
    phi = features(seen, hsv, curv)
    loc, rot, ev = run.loc[own], run.rot[own], run.ev[own]
    move(loc, rot, v)
    tested = np.flatnonzero(ev >= threshold) if settings.share >= 0.0 else np.arange(ev.shape[0])
    if tested.size == 0:
        return
    at, turned = loc[tested], rot[tested]
    near = search(at, settings)
    n, d = rotate(turned, seen[0:3]), rotate(turned, seen[3:6])
    best = judged(at, n, d, near, pos, frame, defined, phi, seen, settings.radius).max(axis=1)
    new = np.full(ev.shape[0], max(0.0, float(best.min())))
    new[tested] = best
    ev[:] = settings.past * ev + settings.present * new


def searching(search: Search) -> Kernel:
    """Return a kernel that finds nodes by ``search(prepared, object, locations, settings)``."""

    def kernel(
        prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array,
        first: int, run: Run,
    ) -> None:  # fmt: skip
        frames, starts = candidates.shape[0], prepared.starts.tolist()
        for t, (seen, v) in enumerate(zip(sensed, displacement, strict=True)):
            highest = float(run.ev.max()) if first + t else 0.0
            threshold = highest - settings.share * highest
            for o, (low, high) in enumerate(pairwise(starts)):
                own = slice(frames * low, frames * high)
                nodes = tuple(array[low:high] for array in prepared.nodes[:5])
                if first + t == 0:
                    hypotheses(run, own, nodes, candidates, seen)
                else:
                    update(run, own, nodes, settings, seen, v, threshold, partial(search, prepared, o))
                run.arg[t, o] = run.ev[own].argmax()
                run.best[t, o] = run.ev[own].max()
            if run.history.shape[0]:
                run.history[t] = run.ev

    return kernel


run = matcher(searching(nearest), prepare)
run_steps = matcher(searching(nearest), prepare, by_step=True)
