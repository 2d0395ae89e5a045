"""Change points of a series: two detectors that must agree, and a look at its head for slow creep.

A series holds one log ratio a commit, the oldest first. What is found here is a nomination and no verdict:
a race of the two sides decides.

*The Potts fit* (L1): the piecewise constant levels u that make

    sum |x - u| + penalty * (number of jumps)        penalty = max(4 g, 8 s),  g = log(1 + threshold)

least, s being the robust SD of the differences between neighbours. A jump must have been there for four
commits, and be at least g high. The best level of a stretch is a median of it, so one of the values: the
least sum is found exactly by dynamic programming over all values as levels.

*The E-divisive one*: the cut that makes the scaled energy distance of the two sides largest, each at least
four long,

    q = m n / (m + n) * (2 E|X - Y| - E|X - X'| - E|Y - Y'|)

is a change when at most two of 199 shuffled series has a larger q somewhere; then both sides are searched.
(Matteson and James, J. Am. Stat. Assoc. 109, 2014, 334; with exponent 1. The shuffles have a fixed seed.)
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST = 4  # commits that a level must last
THRESHOLD = 0.025
NOISES = 8.0  # penalty of a jump, in SDs of the noise
SHUFFLES, EXCEEDING = 199, 2  # a level of 1.5 %
AT_ONCE = 20  # shuffled series
TIED = 1e-9
APART = 2  # commits that two detectors' answers for one change may be apart
STRETCH = 60  # commits to both sides of a jump that the second detector looks at
CREEP = 8  # commits at the head of which the median is compared with where the series stood
ERRORS = 3.0  # standard errors that a creep must be clear of its margin


@dataclass(frozen=True)
class Change:
    """A nominated change: ``index`` is the first value of the new level; levels are medians, in logs."""

    index: int
    before: float
    after: float

    @property
    def size(self) -> float:
        """The step in logs: positive is slower."""
        return self.after - self.before


def nominate(values: Sequence[float], threshold: float = THRESHOLD) -> list[Change]:
    """Return the changes that both detectors see, up to two commits apart; the Potts fit's place is told."""
    x = _finite(values)
    jumps = [change.index for change in potts(x, threshold)]
    found = []
    for before, index, after in zip([0, *jumps], jumps, [*jumps[1:], len(x)], strict=False):
        start, end = max(before, index - STRETCH), min(after, index + STRETCH)
        seen = e_divisive(x[start:end])
        if any(abs(start + one - index) <= APART for one in seen):
            found.append(Change(index, _median(x[before:index]), _median(x[index:after])))
    return found


def potts(values: Sequence[float] | Floats, threshold: float = THRESHOLD, least: int = LEAST) -> list[Change]:
    """Return the jumps of the L1 Potts fit that last for ``least`` values and are higher than the threshold.

    Time and memory grow with the square of the number of values: 0.05 s for 1,000.
    """
    x = _finite(values)
    if len(x) < 2 * least:
        return []
    cut = math.log1p(threshold)
    starts = _fit(x, max(least * cut, NOISES * noise(x)))
    bounds = _merged(x, [0, *starts, len(x)], least, cut)
    levels = [_median(x[a:b]) for a, b in itertools.pairwise(bounds)]
    return [Change(bounds[i], levels[i - 1], levels[i]) for i in range(1, len(levels))]


def e_divisive(values: Sequence[float] | Floats, least: int = LEAST, seed: int = 0) -> list[int]:
    """Return where the distribution changes, as indices of the first values after; sorted."""
    x = _finite(values)
    rng = np.random.default_rng(seed)
    found: list[int] = []
    stretches = [(0, len(x))]
    while stretches:
        start, end = stretches.pop()
        if end - start < 2 * least:
            continue
        cut = _significant(x[start:end], least, rng)
        if cut is not None:
            found.append(start + cut)
            stretches += [(start, start + cut), (start + cut, end)]
    return sorted(found)


def creep(values: Sequence[float], level: float = 0.0, threshold: float = THRESHOLD) -> bool:
    """Tell whether the head of a series stands above a level by more than the threshold, surely.

    The median of the last eight is compared; its error is that of their noise (1.2533 s / sqrt(8)), and three
    of them must lie between it and a fifth of the threshold.
    """
    x = _finite(values)
    if len(x) < CREEP:
        return False
    cut = math.log1p(threshold)
    above = _median(x[-CREEP:]) - level
    error = math.sqrt(math.pi / 2) * noise(x) / math.sqrt(CREEP)
    return above > cut and above - ERRORS * error > cut / 5


def noise(values: Sequence[float] | Floats) -> float:
    """Return the robust SD of a series about its levels: from the differences between neighbours."""
    x = _finite(values)
    return 1.4826 * _median(np.abs(np.diff(x))) / math.sqrt(2) if len(x) > 1 else 0.0


def _fit(x: Floats, penalty: float) -> list[int]:
    """Return where the levels of the cheapest fit begin, without the first: Viterbi over the levels."""
    levels = np.unique(x)
    cost = np.abs(x[0] - levels)
    jumped = np.zeros((len(x), len(levels)), dtype=bool)
    cheapest = np.zeros(len(x), dtype=np.intp)
    for t in range(1, len(x)):
        cheapest[t] = best = int(np.argmin(cost))
        again = cost[best] + penalty
        jumped[t] = cost > again
        cost = np.minimum(cost, again) + np.abs(x[t] - levels)
    starts, state = [], int(np.argmin(cost))
    for t in range(len(x) - 1, 0, -1):
        if jumped[t, state]:
            starts.append(t)
            state = int(cheapest[t])
    return starts[::-1]


def _merged(x: Floats, bounds: list[int], least: int, cut: float) -> list[int]:
    """Drop the bounds of levels that are too short, the shortest first, then of jumps that are too low."""
    while len(bounds) > 2:
        lengths = np.diff(bounds)
        short = int(np.argmin(lengths))
        if lengths[short] < least:
            bounds = _without(x, bounds, short)
            continue
        levels = [_median(x[a:b]) for a, b in itertools.pairwise(bounds)]
        heights = np.abs(np.diff(levels))
        low = int(np.argmin(heights))
        if heights[low] >= cut:
            break
        bounds = bounds[: low + 1] + bounds[low + 2 :]
    return bounds


def _without(x: Floats, bounds: list[int], short: int) -> list[int]:
    """Give a level that is too short to the neighbour whose level is nearer."""
    sides = []
    if short > 0:
        sides.append((_distance(x, bounds, short, short - 1), short))
    if short < len(bounds) - 2:
        sides.append((_distance(x, bounds, short, short + 1), short + 1))
    _, dropped = min(sides)
    return bounds[:dropped] + bounds[dropped + 1 :]


def _distance(x: Floats, bounds: list[int], one: int, other: int) -> float:
    own, theirs = (_median(x[bounds[at] : bounds[at + 1]]) for at in (one, other))
    return abs(own - theirs)


def _significant(x: Floats, least: int, rng: np.random.Generator) -> int | None:
    """Return the best cut of a stretch; None where shuffled stretches are cut as well."""
    scores = _energies(x, least)
    best = int(np.argmax(scores))
    least_score = scores[best] - TIED * abs(scores[best])  # the same halves in another order are as far apart
    exceeding = 0
    for start in range(0, SHUFFLES, AT_ONCE):
        state, count = rng.bit_generator.state, min(AT_ONCE, SHUFFLES - start)
        shuffled = np.stack([rng.permutation(x) for _ in range(count)])
        exceeds = np.cumsum(_energies(shuffled, least).max(axis=1) >= least_score) + exceeding
        exceeding = int(exceeds[-1])
        if exceeding > EXCEEDING:
            rng.bit_generator.state = state  # the next stretch finds it as if they had come one by one
            for _ in range(int(np.argmax(exceeds > EXCEEDING)) + 1):
                rng.permutation(x)
            return None
    return best + least


def _energies(x: Floats, least: int) -> Floats:
    """Return q for every cut that leaves ``least`` values on both sides, the leftmost cut first.

    Of several series (..., count) at once: (..., cuts).
    """
    count = x.shape[-1]
    far = np.abs(x[..., :, None] - x[..., None, :])
    to_all = far.sum(axis=-1)
    to_earlier = np.einsum("...ij,ij->...i", far, np.tri(count, k=-1))
    m = np.arange(least, count - least + 1)
    n = count - m
    left = 2 * to_earlier.cumsum(axis=-1)[..., m - 1]
    right = 2 * (to_all - to_earlier)[..., ::-1].cumsum(axis=-1)[..., n - 1]
    across = (to_all.sum(axis=-1, keepdims=True) - left - right) / 2
    q: Floats = m * n / count * (2 * across / (m * n) - left / (m * (m - 1)) - right / (n * (n - 1)))
    return q


def _median(x: Floats) -> float:
    return float(np.median(x))


def _finite(values: Sequence[float] | Floats) -> Floats:
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or not np.isfinite(x).all():
        raise ValueError("a series is a row of finite numbers")
    return x
