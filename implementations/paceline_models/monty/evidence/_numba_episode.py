"""An episode in Numba, by whichever search: the loops that all Numba implementations share.

A search is a ``NamedTuple`` of what it searches. When Numba compiles, its class chooses how it finds nodes
near a hypothesis (``finds``), or how the hypotheses of an object take an observation in altogether
(``updates``): what the traits ``Search`` and ``Update`` are in Rust. The compiled episode is cached as this
file's: Numba does not notice when a search in another file has changed (``make`` does, and starts it anew).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numba.extending import overload

from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._model import Kernel, Nodes, Prepared, Run
from paceline_models.monty.evidence._numba import (
    UNCOUNTED,
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


class Sight(NamedTuple):
    """An observation, and what follows from it for all objects."""

    seen: Array
    v: Array
    threshold: float
    kappa: float
    phi: Array


class Room(NamedTuple):
    """Where the nearest nodes of a hypothesis are kept, and the new evidence of all of them."""

    near_d: Array
    near: Index
    new: Array


_FINDS: dict[Any, Any] = {}
_UPDATES: dict[Any, Any] = {}


def finds(kind: type) -> Callable[[Any], Any]:
    """Register how a kind of search finds nodes: a function with the arguments of ``nearest``."""
    return lambda function: _FINDS.setdefault(kind, function)


def updates(kind: type) -> Callable[[Any], Any]:
    """Register how a kind of search takes an observation in: a function with the arguments of ``update``."""
    return lambda function: _UPDATES.setdefault(kind, function)


def nearest(search: Any, nodes: Nodes, o: int, loc: Array, h: int, k: int, near_d: Array, near: Index) -> int:
    """Fill the k nodes of object o that are nearest to hypothesis h; return how many there are."""
    raise NotImplementedError("only where Numba compiles")


def update(
    search: Any,
    nodes: Nodes,
    settings: Settings,
    sight: Sight,
    run: Run,
    room: Room,
    o: int,
    low: int,
    high: int,
) -> None:
    """Move the hypotheses low to high of object o, and add the new evidence to the old."""
    raise NotImplementedError("only where Numba compiles")


@overload(nearest, strict=False, jit_options=UNCOUNTED)  # strict would compare annotations, too
def _nearest(search: Any, nodes: Any, o: Any, loc: Any, h: Any, k: Any, near_d: Any, near: Any) -> Any:
    return _FINDS[search.instance_class]


@overload(update, strict=False, jit_options=UNCOUNTED)
def _update(
    search: Any, nodes: Any, settings: Any, sight: Any, run: Any, room: Any, o: Any, low: Any, high: Any
) -> Any:
    return _UPDATES.get(search.instance_class, _plain)


def _plain(
    search: Any,
    nodes: Nodes,
    settings: Settings,
    sight: Sight,
    run: Run,
    room: Room,
    o: int,
    low: int,
    high: int,
) -> None:
    """For every hypothesis search, then weigh what was found."""
    loc, rot, ev, new, near = run.loc, run.rot, run.ev, room.new, room.near
    pos, frame, defined = nodes.pos, nodes.frame, nodes.defined
    least = np.inf
    for h in range(low, high):
        move(loc, rot, h, sight.v)
        new[h] = UNTESTED
        if ev[h] >= sight.threshold:
            found = nearest(search, nodes, o, loc, h, settings.k, room.near_d, near)
            new[h] = weigh(
                loc,
                rot,
                h,
                near,
                found,
                pos,
                frame,
                defined,
                sight.phi,
                sight.seen,
                sight.kappa,
                settings.radius,
            )
            least = min(least, new[h])
    settle(ev[low:high], new[low:high], least, settings.past, settings.present)


@compiled
def episode(
    search: Any, nodes: Nodes, settings: Settings, run: Run, candidates: Array, sensed: Array,
    displacement: Array, first: int,
) -> None:  # fmt: skip
    """Take all observations in, the first of which is number ``first`` of the episode."""
    frames, starts = candidates.shape[0], nodes.starts
    phi = np.empty(nodes.pos.shape[0])
    room = Room(np.empty(settings.k), np.empty(settings.k, dtype=np.int64), np.empty(run.ev.shape[0]))
    for t in range(sensed.shape[0]):
        seen = sensed[t]
        features(seen, nodes.hsv, nodes.curv, phi)
        if first + t == 0:
            start(nodes.pos, nodes.frame, starts, candidates, phi, run.loc, run.rot, run.ev)
        else:
            threshold = bound(run.ev, settings.share)
            sight = Sight(seen, displacement[t], threshold, curvature(seen), phi)
            for o in range(starts.shape[0] - 1):
                update(
                    search, nodes, settings, sight, run, room, o, frames * starts[o], frames * starts[o + 1]
                )
        summarise(run.ev, starts, frames, run.best[t], run.arg[t])
        if run.history.shape[0] > 0:
            run.history[t] = run.ev


def searching(search: Callable[[Prepared, Settings], Any]) -> Kernel:
    """Return a kernel that finds nodes by ``search(prepared, settings)``."""

    def kernel(
        prepared: Prepared, settings: Settings, candidates: Array, sensed: Array, displacement: Array,
        first: int, run: Run,
    ) -> None:  # fmt: skip
        how = search(prepared, settings)
        episode(how, prepared.nodes, settings, run, candidates, sensed, displacement, first)

    return kernel
