"""The ratio of two medians that were measured apart, with its interval; and the mean of ratios.

asv measures its cases one after the other, so two medians are not paired: nothing cancels. The
interval of their ratio is put together from the interval of each, on the logarithms, by the method
of variance estimates recovery (MOVER; Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702).
With a = log(contender), b = log(baseline) and intervals (la, ua), (lb, ub):

    low  = (a - b) - sqrt((a - la)^2 + (ub - b)^2)
    high = (a - b) + sqrt((ua - a)^2 + (b - lb)^2)

The half widths add in quadrature, each side with the sides that push the ratio that way, so that
asymmetric intervals stay asymmetric. Two 99 % intervals make one of about 99 %. It covers what
varied while each case was measured, not what changed on the host between the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Median:
    """A median with its interval, in any unit; no interval is None at both ends."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Ratio:
    """Contender / baseline: below 1 is faster. No interval is None at both ends."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def decided(self) -> bool:
        """Whether there is an interval, and 1 lies outside it."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


def ratio(contender: Median, baseline: Median) -> Ratio:
    """Divide two positive, finite medians; the interval is there if both have a positive one."""
    if not all(0 < median.value < math.inf for median in (contender, baseline)):
        raise ValueError("a ratio needs positive, finite medians")
    value = contender.value / baseline.value
    a, b = _half_widths(contender), _half_widths(baseline)
    if a is None or b is None:
        return Ratio(value)
    return Ratio(value, value * _exp(-math.hypot(a[0], b[1])), value * _exp(math.hypot(a[1], b[0])))


def step(new: Ratio, old: Ratio) -> Ratio:
    """Divide two ratios to one baseline: new / old, so that old times step is new.

    The interval is too wide rather than too narrow: what the baseline's noise did to both is counted twice.
    """
    return ratio(Median(new.value, new.low, new.high), Median(old.value, old.low, old.high))


def geometric_mean(values: Iterable[float]) -> float | None:
    """Return exp of the mean of the logs of positive values; None for no values."""
    logs = [math.log(value) for value in values]
    return _exp(math.fsum(logs) / len(logs)) if logs else None


def _half_widths(median: Median) -> tuple[float, float] | None:
    """Return how far the interval reaches down and up, in logs; an end beyond the median counts as 0."""
    if median.low is None or median.high is None or not 0 < median.low <= median.high < math.inf:
        return None
    middle, low, high = (math.log(end) for end in (median.value, median.low, median.high))
    return max(0.0, middle - low), max(0.0, high - middle)


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf
