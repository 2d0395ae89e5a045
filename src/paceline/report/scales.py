"""Scales of figures: ticks, limits and places of labels, as pure functions on numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence


def spread(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are a step away, near where they want to be, within bounds.

    The mean of pushing up and pushing down keeps the distance, and a cluster around its middle. When
    all do not fit, they share the room evenly.
    """
    step = min(step, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    up = _pushed_up([wanted[index] for index in order], step, low, high)
    down = _pushed_up([-wanted[index] for index in reversed(order)], step, -high, -low)
    middle = [(one - other) / 2 for one, other in zip(up, reversed(down), strict=True)]
    return [place for _, place in sorted(zip(order, middle, strict=True))]


def _pushed_up(ascending: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Lift each place above the one below it, then push back what was lifted out of bounds."""
    placed = []
    floor = low
    for wanted in ascending:
        placed.append(max(wanted, floor))
        floor = placed[-1] + step
    ceiling = high
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - step
    return placed


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers on a logarithmic axis: as many as have room, none nearer than a twelfth of it."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    decades = [10.0**power for power in range(first, last + 1)]
    every = max(1, (last - first) // 8)
    candidates = [decades[::every], *([digit * ten for ten in decades for digit in kind] for kind in _DIGITS)]
    if high < 20 * low:
        steps = [digit * ten / 100 for ten in decades for digit in (1, 2, 5)]
        candidates += [_multiples(step, low, high) for step in steps]
    inside = [[float(f"{tick:.6g}") for tick in each if low <= tick <= high] for each in candidates]
    least = (math.log(high) - math.log(low)) / 12
    roomy = [each for each in inside if all(math.log(b / a) >= least for a, b in itertools.pairwise(each))]
    return max(roomy, key=len, default=[])


def drawn_ends(value: float, low: float | None, high: float | None) -> tuple[float, float]:
    """Return an interval's ends as a logarithmic axis can have them; one that is none has no length."""
    below = low if low and 0 < low <= value else value
    return below, high if high and value <= high < math.inf else value


_LEAST, _MOST = 1e-305, 1e305  # beyond, a float has no room for another digit
_DIGITS = ((1, 3), (1, 2, 5))


def _multiples(step: float, low: float, high: float) -> list[float]:
    count = math.floor(high / step)
    return [] if count > 2000 else [step * k for k in range(max(1, math.ceil(low / step)), count + 1)]


def widened(low: float, high: float, share: float) -> tuple[float, float]:
    """Return limits with some room on a logarithmic axis; at least a factor of 1.5 from end to end."""
    span = math.log(high) - math.log(low)
    room = max(share * span, (math.log(1.5) - span) / 2)
    return max(low / math.exp(room), _LEAST), min(high * math.exp(room), _MOST)


def apart(xs: Sequence[float]) -> list[float]:
    """Return the sizes whose tick labels have room: the largest first, none too near to it."""
    span = math.log(xs[-1]) - math.log(xs[0]) or 1.0
    kept: list[float] = []
    for x in reversed(xs):
        if not kept or math.log(kept[-1] / x) / span > 0.1:
            kept.append(x)
    return kept[::-1]
