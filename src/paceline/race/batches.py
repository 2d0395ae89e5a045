"""How long a batch is, and how many make a pair: pure functions of how long a call takes.

A batch is five calls, or 5 ms of them, after a first one that is thrown away. Calls below 100 us are looped
inside one timing, unless the clock stands still while they wait: 50 ms of the wall are enough. Calls over
50 ms stand alone: one a batch, each with a setup of its own, three batches a pair.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

LOOPED = 1e-4
BATCH = 5e-3
ALONE = 5e-2
FEWEST_CALLS = 5
FEWEST_BATCHES = 3
MOST_BATCHES = 60
FEWEST_SETTLED = 8
SETTLED = 0.04  # of the threshold: a pair's ratio that is known this well needs no more batches
FAR = 3.0  # this many times slower than the baseline, or faster: nobody asks for a per cent


@dataclass(frozen=True)
class Speed:
    """How long a call takes: by the clock that is measured with, and with all that belongs to it (setup)."""

    seconds: float
    wall: float


@dataclass(frozen=True)
class Plan:
    """A contender's part in a pair: timings of ``loops`` calls a batch, ``drop`` of them thrown away."""

    loops: int
    calls: int
    drop: int
    batches: int
    wall: float  # about the seconds of a batch


def plan(speed: Speed, each: bool, raw: bool, seconds: float, far: bool = False) -> Plan:
    """Return the plan for ``seconds`` of measuring in a pair.

    ``each``: setup runs before every call, so that nothing can be looped. ``raw``: a call is a process of its
    own. ``far``: the ratio is so far from 1 that a slow contender's calls are better spent elsewhere.
    """
    loops = 1 if each or raw else max(1, min(math.ceil(LOOPED / speed.seconds), int(ALONE / speed.wall)))
    unit = max(speed.wall, speed.seconds) * loops
    if raw or unit > ALONE:
        calls, drop = 1, 0
    else:
        calls, drop = max(FEWEST_CALLS, math.ceil(BATCH / unit)) + 1, 1
        if each:
            calls = min(calls, 2 * FEWEST_CALLS + 1)
    wall = unit * calls
    fewest = 1 if far and unit > ALONE else FEWEST_BATCHES
    batches = min(MOST_BATCHES, max(fewest, round(seconds / wall)))
    if unit > ALONE and not raw:
        batches = min(batches, FEWEST_BATCHES)
    return Plan(loops, calls, drop, batches, wall)


def far(contender: Speed, baseline: Speed) -> bool:
    """Tell whether two speeds are so far apart that few calls decide."""
    ratio = contender.seconds / baseline.seconds
    return ratio > FAR or ratio < 1 / FAR


def settled(logs: Sequence[float], threshold: float) -> bool:
    """Tell whether a pair's median log ratio is known well enough for a threshold, given as a fraction.

    That is when its standard error, sqrt(pi / 2) s / sqrt(n) with s from the median absolute deviation, is a
    twenty-fifth of the threshold at most. What is left between pairs is larger, and no batch removes it.
    """
    if len(logs) < FEWEST_SETTLED:
        return False
    middle = median(logs)
    spread = 1.4826 * median(abs(one - middle) for one in logs)
    return math.sqrt(math.pi / 2 / len(logs)) * spread <= SETTLED * threshold
