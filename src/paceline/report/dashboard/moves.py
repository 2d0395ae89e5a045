"""What moved lately in a series of asv's medians: a hint where to look, never a verdict.

Of the last 40 points of one epoch, the split into before and after is taken that tells the two apart best
(t = |difference of means| / (noise * sqrt(1/before + 1/after)), on logarithms, at least 4 points a side).
It is a move when t is at least 8, and the medians of both sides, and of the last 3 points and the side
before, differ by 10 % in the same direction: what changes on a host between two runs of asv is often less;
and when ``stats.changepoints``, whose two detectors must agree, nominates a change there (two points off at
most). The first look is cheap and spares most series the second.
The noise is that of differences between neighbours (1.4826 * median of their sizes / sqrt(2), at least
0.2 %), which a step leaves alone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paceline.stats.changepoints import APART, nominate

LAST, SIDE, NOW = 40, 4, 3
FEWEST = 8
_SMALLEST = 0.1
_T, _LEAST = 8.0, math.log1p(_SMALLEST)
_QUIET = 0.002
_MAD = 1.4826


@dataclass(frozen=True)
class Move:
    """After / before, and the place of the first point after, in the series that was looked at."""

    ratio: float
    at: int


def move(values: NDArray[np.float64]) -> Move | None:
    """Return how the last points of a series moved; None for not at all, or too few points to say."""
    start = max(0, len(values) - LAST)
    last = values[start:]
    if len(last) < FEWEST or not np.all((last > 0) & np.isfinite(last)):
        return None
    logs = np.log(last)
    noise = max(_QUIET, _MAD * float(np.median(np.abs(np.diff(logs)))) / math.sqrt(2))
    at, t = _split(logs, noise)
    if t < _T:
        return None
    before = float(np.median(logs[:at]))
    shift, now = float(np.median(logs[at:])) - before, float(np.median(logs[-NOW:])) - before
    if min(abs(shift), abs(now)) < _LEAST or (shift > 0) != (now > 0):
        return None
    if not any(abs(change.index - at) <= APART for change in nominate(logs.tolist(), _SMALLEST)):
        return None
    return Move(math.exp(shift), start + at)


def _split(logs: NDArray[np.float64], noise: float) -> tuple[int, float]:
    """Return the best place to split, and how well it tells the sides apart."""
    count = len(logs)
    places = np.arange(SIDE, count - SIDE + 1)
    sums = np.cumsum(logs)
    difference = (sums[-1] - sums[places - 1]) / (count - places) - sums[places - 1] / places
    t = np.abs(difference) / (noise * np.sqrt(1 / places + 1 / (count - places)))
    best = int(np.argmax(t))
    return int(places[best]), float(t[best])
