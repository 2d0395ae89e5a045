"""The verdict: from the pairs of a race to "slower", "faster", "same" or more pairs.

docs/regressions.md tells the rule in prose. d are the log ratios of K pairs, a those of the m live
A/A arms, g = log(1 + threshold), f = g / 5, s0 the noise floor of the run, t(nu; p) Student's quantile:

    e   = median(d)                      nu = 4 + (K - 1) + m
    F   = max(0.07, 4 s0, 4 * 1.4826 median(|d - e|, |a|))           beyond it a pair is odd
    D   = min(sum (d - mean d)^2, sum min(|d - e|, F)^2)
    s^2 = (4 s0^2 + D + sum min(|a|, F)^2) / nu
    se  = sqrt(pi / 2) s / sqrt(K)       h  = t(nu; 1 - 0.01 / looks) se

    suspect   e > g  and e - h > f       (slower only when fresh pairs confirm it)
    faster    e < -g and e + h < -f
    same      |e| + t(nu; 0.95) se < g
    slower    of fresh pairs alone: e > g / 2 and e - t(nu; 1 - 0.01 / confirming looks) se > f
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from statistics import fmean, median

from scipy.special import stdtrit

LOOKS = (4, 6, 10, 16)
THRESHOLD = 0.025
FLOOR = 0.005  # s0 while a run has too few benchmarks to tell its own
LEAST_FLOOR = 0.001
BENCHMARKS_FOR_A_FLOOR = 5
PRIOR = 4  # the floor weighs as much as this many pairs
FENCE = 4.0  # pairs further from the median than so many SD are odd, and count as if they stood there
LEAST_FENCE = 0.07  # two modes 4 % apart are noise, not odd pairs: docs/decisions/0009-odd-pairs.md
SD_OF_MEDIAN = 1.4826  # SD / median absolute deviation, for normal noise
ERROR_OF_MEDIAN = math.sqrt(math.pi / 2)  # that of a mean is 1, for normal noise and many pairs
ALPHA = 0.01  # one-sided, shared by all looks
LEAST_CONFIRMING = 6  # fresh pairs
SAME_LEVEL = 0.95
MARGIN = 0.2  # of g: the interval must stay this far away from no change
POWER_QUANTILE = 1.64  # the normal quantile of finding 95 %
BLUNT = 0.05


class Call(StrEnum):
    """What the pairs say; SUSPECT and MORE are asked again, the others are final."""

    SLOWER = "slower"
    FASTER = "faster"
    SAME = "same"
    SUSPECT = "suspect"
    MORE = "more"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Rule:
    """What a verdict is held to: the threshold as a fraction, the floor s0 in logs, the looks in pairs."""

    threshold: float = THRESHOLD
    floor: float = FLOOR
    looks: tuple[int, ...] = LOOKS

    def __post_init__(self) -> None:
        if not 0 < self.threshold < math.inf:
            raise ValueError(f"the threshold must be a positive fraction, not {self.threshold}")
        if not 0 < self.floor < math.inf:
            raise ValueError(f"the noise floor must be positive, not {self.floor}")
        if not self.looks or self.looks[0] < 2 or list(self.looks) != sorted(set(self.looks)):
            raise ValueError(f"looks must be growing numbers of pairs, two at least, not {self.looks}")

    @property
    def cut(self) -> float:
        """g: the threshold as a log ratio."""
        return math.log1p(self.threshold)

    @property
    def margin(self) -> float:
        """f: how far from no change the whole interval must lie, as a log ratio."""
        return MARGIN * self.cut


@dataclass(frozen=True)
class Estimate:
    """The ratio and how well it is known: everything in logs but ``ratio``, ``low`` and ``high``.

    ``spread`` is s, the SD of one pair; ``freedom`` its degrees of freedom nu; ``error`` is se;
    ``half`` is h, half the width of the interval; ``pairs`` is K.
    """

    value: float
    error: float
    freedom: int
    spread: float
    half: float
    pairs: int

    @property
    def ratio(self) -> float:
        """Contender / baseline: above 1 is slower."""
        return _exp(self.value)

    @property
    def low(self) -> float:
        """The lower end of the interval of the ratio."""
        return _exp(self.value - self.half)

    @property
    def high(self) -> float:
        """The upper end of the interval of the ratio."""
        return _exp(self.value + self.half)


@dataclass(frozen=True)
class Judgement:
    """A call with its estimate, and the smallest slow-down that the race would find, as a fraction."""

    call: Call
    estimate: Estimate
    detectable: float

    @property
    def blunt(self) -> bool:
        """Whether a slow-down of 5 % may be missed."""
        return self.detectable > BLUNT


def noise_floor(nulls: Iterable[Sequence[float]]) -> float:
    """Return s0 of a run from the A/A log ratios of each benchmark; those without any do not count."""
    spreads = [math.sqrt(fmean(a * a for a in _checked(arm))) for arm in nulls if len(arm)]
    return max(LEAST_FLOOR, median(spreads)) if len(spreads) >= BENCHMARKS_FOR_A_FLOOR else FLOOR


def estimate(pairs: Sequence[float], nulls: Sequence[float], floor: float, looks: int = 4) -> Estimate:
    """Estimate the ratio from log ratios: two pairs at least, any number of A/A arms.

    ``looks`` is how many looks share the interval's 1 %. Raises ValueError for what is not finite.
    """
    count = len(_checked(pairs))
    if count < 2:
        raise ValueError(f"a verdict needs two pairs at least, not {count}")
    value = float(median(pairs))
    freedom = PRIOR + (count - 1) + len(_checked(nulls))
    spread = math.sqrt((PRIOR * floor**2 + _squares(pairs, nulls, value, floor)) / freedom)
    error = ERROR_OF_MEDIAN * spread / math.sqrt(count)
    half = quantile(freedom, 1 - ALPHA / looks) * error
    return Estimate(value, error, freedom, spread, half, count)


def judge(pairs: Sequence[float], nulls: Sequence[float], rule: Rule, last: bool | None = None) -> Judgement:
    """Judge a race at a look; never SLOWER, which only fresh pairs can say: SUSPECT asks for them.

    ``last`` tells whether more pairs may follow; by default none do from the rule's last look on.
    """
    if last is None:
        last = len(pairs) >= rule.looks[-1]
    found = estimate(pairs, nulls, rule.floor, len(rule.looks))
    return Judgement(_call(found, rule, last), found, detectable(found.spread, rule))


def confirm(pairs: Sequence[float], nulls: Sequence[float], rule: Rule, looks: Sequence[int]) -> Judgement:
    """Judge a suspect by fresh pairs alone: SLOWER, MORE or, from the last of the looks on, INCONCLUSIVE.

    ``looks`` are ``confirming_looks`` of the suspicion, and share 1 %. This estimate is the one to publish.
    """
    found = estimate(pairs, nulls, rule.floor, len(looks))
    slower = found.value > rule.cut / 2 and found.value - found.half > rule.margin
    otherwise = Call.INCONCLUSIVE if len(pairs) >= looks[-1] else Call.MORE
    return Judgement(Call.SLOWER if slower else otherwise, found, detectable(found.spread, rule))


def confirming_looks(pairs: int, rule: Rule) -> tuple[int, ...]:
    """Return the numbers of fresh pairs at which a suspect that was found with so many is judged again."""
    first = max(LEAST_CONFIRMING, pairs)
    return first, *(count for count in rule.looks if count > first)


def nulls_needed(pairs: int) -> int:
    """Return how many of so many pairs must have a live A/A arm: one in three, rounded up."""
    return -(-pairs // 3)


def detectable(spread: float, rule: Rule) -> float:
    """Return the slow-down, as a fraction, that pairs of this spread show 19 times in 20 at the last look."""
    count = rule.looks[-1]
    error = ERROR_OF_MEDIAN * spread / math.sqrt(count)
    freedom = PRIOR + (count - 1) + nulls_needed(count)
    half = quantile(freedom, 1 - ALPHA / len(rule.looks)) * error
    return _exp(max(rule.cut, rule.margin + half) + POWER_QUANTILE * error) - 1


@cache
def quantile(freedom: int, level: float) -> float:
    """Return Student's t that so much of its distribution lies below."""
    return float(stdtrit(freedom, level))


def _call(found: Estimate, rule: Rule, last: bool) -> Call:
    if found.value > rule.cut and found.value - found.half > rule.margin:
        return Call.SUSPECT
    if found.value < -rule.cut and found.value + found.half < -rule.margin:
        return Call.FASTER
    if abs(found.value) + quantile(found.freedom, SAME_LEVEL) * found.error < rule.cut:
        return Call.SAME
    return Call.INCONCLUSIVE if last else Call.MORE


def _squares(pairs: Sequence[float], nulls: Sequence[float], value: float, floor: float) -> float:
    """Sum the squares of all deviations; odd ones count as if they stood at the fence.

    Pairs have the smaller of two sums: about the mean, which is exact when none is odd, and about the median.
    """
    off, arms = [abs(d - value) for d in pairs], [abs(a) for a in nulls]
    fence = max(LEAST_FENCE, FENCE * max(floor, SD_OF_MEDIAN * median(off + arms)))
    mean = fmean(pairs)
    about_mean = math.fsum((d - mean) ** 2 for d in pairs)
    about_median = math.fsum(min(d, fence) ** 2 for d in off)
    return min(about_mean, about_median) + math.fsum(min(a, fence) ** 2 for a in arms)


def _checked(logs: Sequence[float]) -> Sequence[float]:
    if not all(map(math.isfinite, logs)):
        raise ValueError(f"log ratios must be finite, not {list(logs)}")
    return logs


def _exp(value: float) -> float:
    return math.exp(min(value, 709.0))  # beyond it there is no float, and infinity is no JSON
