"""What all implementations share: objects side by side, candidate frames, the arrays of a run, its answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from paceline_models.monty.evidence import _checks
from paceline_models.monty.evidence._answer import Evidence, possible_objects
from paceline_models.monty.evidence._checks import Array, Index, Settings
from paceline_models.monty.evidence._terminal import Terminal


class Nodes(NamedTuple):
    """The nodes of all objects, in the order in which kernels take them; see ``Prepared``."""

    pos: Array
    frame: Array
    defined: Array
    hsv: Array
    curv: Array
    starts: Index


@dataclass(frozen=True)
class Prepared:
    """Objects side by side: N nodes in all, object o's are ``starts[o]`` to ``starts[o + 1]``.

    ``index`` is what an implementation has built over them to search with, ``made_by`` which one did.
    """

    pos: Array
    frame: Array
    pose_defined: Array
    hsv: Array
    curv: Array
    starts: Index
    made_by: str = ""
    index: tuple[Any, ...] = ()

    @property
    def nodes(self) -> Nodes:
        """The arrays, in the order in which kernels take them."""
        return Nodes(self.pos, self.frame, self.pose_defined, self.hsv, self.curv, self.starts)

    @property
    def nbytes(self) -> int:
        """Bytes of the nodes."""
        return sum(array.nbytes for array in self.nodes)

    @property
    def index_nbytes(self) -> int:
        """Bytes of the index beside them."""
        return sum(int(getattr(part, "nbytes", 0)) for part in self.index)


class Run(NamedTuple):
    """The arrays that a kernel works on, H hypotheses in all, and the rows of the answer that it fills."""

    loc: Array  # (H, 3)
    rot: Array  # (H, 9)
    ev: Array  # (H,)
    best: Array  # (S, O)
    arg: Index  # (S, O), within the object
    history: Array  # (S, H), or (0, H)


Kernel = Callable[[Prepared, Settings, Array, Array, Array, int, Run], object]
"""``kernel(prepared, settings, candidates, sensed, displacement, first, run)`` takes in observations.

``candidates`` (F, 9) are the frames that the hypotheses start from, ``sensed`` and ``displacement`` the rows
of this call, ``first`` the number of its first row in the episode; row 0 starts the hypotheses.
"""


def pack(objects: Any) -> Prepared:
    """Return the objects side by side, checked."""
    checked = _checks.objects(objects)
    sizes = [one[0].shape[0] for one in checked]
    starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    pos, frame, defined, hsv, curv = (np.concatenate(part) for part in zip(*checked, strict=True))
    return Prepared(pos, frame, defined, hsv, curv, starts)


def candidates(observation: Array) -> Array:
    """Return the frames (F, 9) that the first observation (15,) may stand for.

    A defined pose has two: principal directions have no sign. Without one the direction may be any: eight
    around the normal.
    """
    n, d1, d2 = observation[:9].reshape(3, 3)
    if observation[9] != 0.0:
        return np.array([np.concatenate((n, d1, d2)), np.concatenate((n, -d1, -d2))])
    frames = []
    for m in range(8):
        a = 2.0 * math.pi * m / 8.0
        turned = math.cos(a) * d1 + math.sin(a) * d2
        frames.append(np.concatenate((n, turned, np.cross(n, turned))))
    return np.array(frames)


def matcher(
    kernel: Kernel, prepare: Callable[[Any], Prepared], *, index: str = "", by_step: bool = False
) -> Callable[..., Evidence]:
    """Return ``run`` over a kernel: one call for the whole episode, or one for every observation."""

    def run(
        objects: Any, sensed: Any, displacement: Any, k: Any, history: bool = False, **options: Any
    ) -> Evidence:
        prepared = objects if isinstance(objects, Prepared) else prepare(objects)
        if prepared.made_by != index:
            made_by, needed = prepared.made_by or "none", index or "none"
            raise TypeError(f"objects were prepared with index {made_by}, not {needed}: prepare them anew")
        sensed, displacement = _checks.episode(sensed, displacement)
        settings = _checks.settings(k, **options)
        settings = settings._replace(k=min(settings.k, int(np.diff(prepared.starts).max())))
        frames = candidates(sensed[0])
        arrays = _arrays(prepared, frames.shape[0], sensed.shape[0], history)
        terminal = ""
        steps = sensed.shape[0]
        if settings.terminate:
            steps, terminal = _until_terminal(
                kernel, prepared, settings, frames, sensed, displacement, arrays
            )
        elif by_step:
            for t in range(steps):
                kernel(
                    prepared, settings, frames, sensed[t : t + 1], displacement[t : t + 1], t, _row(arrays, t)
                )
        else:
            kernel(prepared, settings, frames, sensed, displacement, 0, arrays)
        return _answer(prepared, settings, frames.shape[0], arrays, steps, terminal)

    run.__qualname__ = "run"
    return run


def _arrays(prepared: Prepared, frames: int, steps: int, history: bool) -> Run:
    hypotheses, objects = frames * prepared.pos.shape[0], prepared.starts.shape[0] - 1
    return Run(
        np.empty((hypotheses, 3)),
        np.empty((hypotheses, 9)),
        np.empty(hypotheses),
        np.empty((steps, objects)),
        np.empty((steps, objects), dtype=np.int64),
        np.empty((steps if history else 0, hypotheses)),
    )


def _row(run: Run, t: int) -> Run:
    return Run(run.loc, run.rot, run.ev, run.best[t : t + 1], run.arg[t : t + 1], run.history[t : t + 1])


def _until_terminal(
    kernel: Kernel,
    prepared: Prepared,
    settings: Settings,
    frames: Array,
    sensed: Array,
    displacement: Array,
    run: Run,
) -> tuple[int, str]:
    """Step until a terminal condition is met; return the steps taken and the condition."""
    terminal = Terminal(settings.possible, settings.time_out)
    starts = prepared.starts * frames.shape[0]
    for t in range(sensed.shape[0]):
        kernel(prepared, settings, frames, sensed[t : t + 1], displacement[t : t + 1], t, _row(run, t))
        possible = possible_objects(run.best[t], settings.possible)
        one = possible[0] if possible else 0
        own = slice(int(starts[one]), int(starts[one + 1]))
        met = terminal.after(possible, int(run.arg[t, one]), run.loc[own], run.rot[own], run.ev[own])
        if met:
            return t + 1, met
    return sensed.shape[0], ""


def _answer(
    prepared: Prepared, settings: Settings, frames: int, run: Run, steps: int, terminal: str
) -> Evidence:
    starts = prepared.starts * frames
    best = run.best[:steps]
    mlh_object = best.argmax(axis=1)
    rows = np.arange(steps)
    mlh_index = run.arg[rows, mlh_object]
    shown = run.history[:steps] if run.history.shape[0] else run.ev
    return Evidence(
        evidence=[shown[..., low:high] for low, high in pairwise(starts)],
        mlh_object=mlh_object,
        mlh_evidence=best[rows, mlh_object],
        possible=[possible_objects(row, settings.possible) for row in best],
        mlh_index=mlh_index,
        mlh_rotation=run.rot[starts[mlh_object] + mlh_index].reshape(steps, 3, 3),
        object_best=best,
        checksum=np.add.reduceat(run.ev, starts[:-1]),
        terminal=terminal,
    )
