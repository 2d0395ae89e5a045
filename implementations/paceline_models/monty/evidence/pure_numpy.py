"""The evidence matcher as its equations stand: the reference."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._equations import features, hypotheses, judged, move, rotate
from paceline_models.monty.evidence._model import Prepared, Run, matcher, pack

CHUNK = 64  # hypotheses at a time: their distances to all nodes stay in the cache

prepare = pack


def nearest(loc: Array, pos: Array, k: int) -> NDArray[np.int64]:
    """Return the indices (H, k) of the nodes (M, 3) nearest to locations (H, 3), by (distance, index)."""
    k = min(k, pos.shape[0])
    found = np.empty((loc.shape[0], k), dtype=np.int64)
    for low in range(0, loc.shape[0], CHUNK):
        some = loc[low : low + CHUNK]
        dx, dy, dz = (pos[:, axis] - some[:, axis, None] for axis in range(3))
        found[low : low + CHUNK] = smallest(dx * dx + dy * dy + dz * dz, k)
    return found


def smallest(values: Array, k: int) -> NDArray[np.int64]:
    """Return the places (H, k) of the k smallest values in every row (H, M); the first of equal ones."""
    chosen = np.argpartition(values, k - 1, axis=1)[:, :k]
    bound = np.take_along_axis(values, chosen[:, -1:], axis=1)
    for row in np.flatnonzero((values <= bound).sum(axis=1) > k):  # equal values at the bound
        chosen[row] = np.argsort(values[row], kind="stable")[:k]
    return chosen


def update(
    run: Run,
    own: slice,
    nodes: tuple[Array, ...],
    settings: Settings,
    seen: Array,
    v: Array,
    threshold: float,
) -> None:
    """Take an observation (15,) in, for the hypotheses ``own`` of one object."""
    pos, frame, defined, hsv, curv = nodes
    phi = features(seen, hsv, curv)
    loc, rot, ev = run.loc[own], run.rot[own], run.ev[own]
    move(loc, rot, v)
    tested = np.flatnonzero(ev >= threshold) if settings.share >= 0.0 else np.arange(ev.shape[0])
    if tested.size == 0:
        return
    at, turned = loc[tested], rot[tested]
    near = nearest(at, pos, settings.k)
    e = judged(at, rotate(turned, seen[0:3]), rotate(turned, seen[3:6]), near, pos, frame, defined, phi, seen,
               settings.radius)  # fmt: skip
    best = e.max(axis=1)
    new = np.full(ev.shape[0], max(0.0, float(best.min())))
    new[tested] = best
    ev[:] = settings.past * ev + settings.present * new


def _kernel(
    prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array, first: int,
    run: Run,
) -> None:  # fmt: skip
    frames, starts = candidates.shape[0], prepared.starts.tolist()
    spans = [slice(low, high) for low, high in pairwise(starts)]
    owned = [slice(frames * span.start, frames * span.stop) for span in spans]
    arrays = prepared.nodes[:5]
    for t, (seen, v) in enumerate(zip(sensed, displacement, strict=True)):
        highest = float(run.ev.max()) if first + t else 0.0
        threshold = highest - settings.share * highest
        for o, (span, own) in enumerate(zip(spans, owned, strict=True)):
            nodes = tuple(array[span] for array in arrays)
            if first + t == 0:
                hypotheses(run, own, nodes, candidates, seen)
            else:
                update(run, own, nodes, settings, seen, v, threshold)
            run.arg[t, o] = run.ev[own].argmax()
            run.best[t, o] = run.ev[own].max()
        if run.history.shape[0]:
            run.history[t] = run.ev


run = matcher(_kernel, prepare)
run_steps = matcher(_kernel, prepare, by_step=True)
