"""Where two implementations are level: the size n* at which a ratio crosses 1, with its interval.

Between two sizes the logarithm of the ratio is taken as a line over the logarithm of the size. The interval's
ends are where the lines through the lower and the upper ends of the ratios' intervals cross 1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A ratio with its interval at a size, all positive."""

    size: float
    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class Crossover:
    """The size at which a ratio crosses 1; ``rising``: the contender is the faster one below it.

    ``low`` and ``high`` are the ends of its interval.
    """

    size: float
    low: float
    high: float
    rising: bool


def crossovers(points: Sequence[Point]) -> Iterator[Crossover]:
    """Yield every crossover that is decided on both sides: the intervals left and right of it exclude 1.

    Sizes must grow. A ratio that only touches 1, or that is undecided at one end, crosses nothing.
    """
    decided = [place for place, point in enumerate(points) if not point.low <= 1 <= point.high]
    for left, right in itertools.pairwise(decided):
        rising = points[left].ratio < 1
        if rising != (points[right].ratio < 1):
            yield _between(points[left : right + 1], rising)


def _between(points: Sequence[Point], rising: bool) -> Crossover:
    """Return the crossover inside points of which the first and the last lie on different sides of 1."""
    sizes = [point.size for point in points]
    ends = sorted(
        _zero(sizes, values, rising)
        for values in ([point.low for point in points], [point.high for point in points])
    )
    return Crossover(_zero(sizes, [point.ratio for point in points], rising), ends[0], ends[1], rising)


def _zero(sizes: Sequence[float], ratios: Sequence[float], rising: bool) -> float:
    """Return where the line through the points crosses 1 for good."""
    logs = [math.log(ratio) if rising else -math.log(ratio) for ratio in ratios]
    place = max(index for index in range(len(logs) - 1) if logs[index] < 0 <= logs[index + 1])
    (x0, x1), (y0, y1) = map(math.log, sizes[place : place + 2]), logs[place : place + 2]
    return math.exp(x0 - y0 * (x1 - x0) / (y1 - y0))
