"""What a race has found so far, and what it still needs: a pure fold over its pairs.

Every contender has looks, at which it is judged, and, when it is suspected to be slower, fresh pairs that
confirm it or do not. The same pairs, in the same order, always give the same results: that is how a run
goes on from its ledger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from paceline.race.contenders import Absence, Pair, Race
from paceline.stats.verdict import (
    LEAST_CONFIRMING,
    Call,
    Estimate,
    Judgement,
    Rule,
    confirm,
    confirming_looks,
    estimate,
    judge,
)

NULL_EVERY = 3  # one pair in three has an A/A arm
TOO_FEW = "too few fresh ones were measured"


@dataclass(frozen=True)
class Terms:
    """How a run judges: its looks, and whether "slower" needs fresh pairs of its own."""

    looks: tuple[int, ...] = (4, 6, 10, 16)
    confirms: bool = True


@dataclass(frozen=True)
class Result:
    """What became of a contender. ``verdict`` is empty where ``status`` is not "ok".

    ``status``: ok, skipped, failed, absent, differs or unmeasured. ``seconds``: of one call, the median over
    the pairs of the least in each. ``suspected`` is the estimate of the looks, where fresh pairs followed.
    """

    name: str
    status: str
    verdict: str = ""
    estimate: Estimate | None = None
    detectable: float | None = None
    confirmed: bool = False
    seconds: float | None = None
    baseline_seconds: float | None = None
    suspected: Estimate | None = None
    reason: str = ""


@dataclass
class _Series:
    """The log ratios of one phase of a contender, with the A/A arms of the same pairs."""

    pairs: list[float] = field(default_factory=list)
    nulls: list[float] = field(default_factory=list)

    def add(self, log_ratio: float, null: float | None) -> None:
        self.pairs.append(log_ratio)
        if null is not None:
            self.nulls.append(null)


@dataclass
class _Lane:
    """One contender on its way to a result."""

    name: str
    looks: _Series = field(default_factory=_Series)
    fresh: _Series = field(default_factory=_Series)
    seconds: list[float] = field(default_factory=list)
    baseline: list[float] = field(default_factory=list)
    suspicion: Judgement | None = None
    suspected: int = 0  # pairs of the suspicion
    judgement: Judgement | None = None
    absence: Absence | None = None

    @property
    def done(self) -> bool:
        return self.absence is not None or self.judgement is not None

    @property
    def series(self) -> _Series:
        return self.fresh if self.suspicion else self.looks


class Tally:
    """The state of one race."""

    def __init__(self, race: Race, terms: Terms) -> None:
        self.race, self.terms = race, terms
        self.nulls: list[float] = []
        self.pairs = 0
        self.gone: Absence | None = None  # why the baseline has no time
        self._lanes = {one.name: _Lane(one.name) for one in race.contenders}

    @property
    def active(self) -> tuple[str, ...]:
        """The contenders that need more pairs."""
        return tuple(name for name, lane in self._lanes.items() if not lane.done)

    @property
    def wants_null(self) -> bool:
        """Whether the next pair must have an A/A arm: one in three of every contender's."""
        waiting = (lane.series for lane in self._lanes.values() if not lane.done)
        return any(len(series.pairs) % NULL_EVERY == 0 for series in waiting)

    @property
    def first_look(self) -> bool:
        """Whether some contender has not had the pairs of its first look."""
        waiting = [lane for lane in self._lanes.values() if not lane.done and not lane.suspicion]
        return any(len(lane.looks.pairs) < self.terms.looks[0] for lane in waiting)

    def suspicion(self, name: str) -> Judgement | None:
        """Return the judgement that called a contender slower, be it confirmed or not."""
        lane = self._lanes[name]
        return lane.suspicion or (
            lane.judgement if lane.judgement and lane.judgement.call is Call.SLOWER else None
        )

    @property
    def urgency(self) -> float:
        """The largest estimate among the contenders that need more pairs, as an absolute log ratio."""
        sizes = [
            abs(median(lane.looks.pairs))
            for lane in self._lanes.values()
            if not lane.done and lane.looks.pairs
        ]
        return max(sizes, default=math.inf)

    def lacks(self, name: str) -> bool:
        """Tell whether a contender, or the baseline, has turned out to be absent."""
        if name == self.race.baseline.name:
            return self.gone is not None
        return self._lanes[name].absence is not None

    def phase(self, name: str) -> str:
        """Return what a contender's next pair is for: "look", "confirm", or "" once it needs none."""
        lane = self._lanes[name]
        return "" if lane.done else "confirm" if lane.suspicion else "look"

    def rule(self, floor: float) -> Rule:
        """Return the rule of this race for the run's present noise floor."""
        return Rule(self.race.threshold, floor, self.terms.looks)

    def add(self, pair: Pair, floor: float) -> None:
        """Take a pair in; judge the contenders that have come to a look."""
        self.pairs += 1
        null = pair.null.log_ratio if pair.null else None
        if null is not None:
            self.nulls.append(null)
        gone = self.gone = pair.absent.get(self.race.baseline.name)
        for lane in self._lanes.values():
            if lane.done:
                continue
            if lane.name in pair.absent:
                lane.absence = pair.absent[lane.name]
            elif gone:
                lane.absence = Absence("unmeasured", f"the baseline {gone.status}: {gone.reason}")
            elif lane.name in pair.sides:
                self._take(lane, pair, null, floor)
            else:
                lane.absence = Absence("failed", "no batch of it could be timed")

    def suspect(self, name: str, found: Judgement, pairs: int) -> None:
        """Let a contender be a suspect from the start, by so many pairs that were measured elsewhere."""
        self._lanes[name].suspicion = found
        self._lanes[name].suspected = pairs

    def drop(self, name: str, absence: Absence) -> None:
        """Let a contender take no part, for a reason found outside the pairs."""
        self._lanes[name].absence = absence

    def end(self, floor: float, reason: str) -> None:
        """Judge what there is: no more pairs will come. ``reason`` is told of those that lack pairs."""
        for lane in self._lanes.values():
            if lane.done:
                continue
            if lane.suspicion:
                lane.judgement = _as(lane.suspicion, Call.INCONCLUSIVE)
            elif len(lane.looks.pairs) >= self.terms.looks[0]:
                found = judge(lane.looks.pairs, lane.looks.nulls, self.rule(floor), last=True)
                lane.judgement = _as(found, Call.INCONCLUSIVE) if found.call is Call.SUSPECT else found
            else:
                lane.absence = Absence("unmeasured", reason)

    def results(self) -> list[Result]:
        """Return what became of every contender; those on their way are "unmeasured"."""
        return [_result(lane) for lane in self._lanes.values()]

    def provisional(self, name: str, floor: float) -> Estimate | None:
        """Return an estimate from the pairs so far; None for fewer than two."""
        lane = self._lanes[name]
        if lane.judgement:
            return lane.judgement.estimate
        series = lane.looks
        return estimate(series.pairs, series.nulls, floor) if len(series.pairs) > 1 else None

    def _take(self, lane: _Lane, pair: Pair, null: float | None, floor: float) -> None:
        side, base = pair.sides[lane.name], pair.sides[self.race.baseline.name]
        assert side.log_ratio is not None
        lane.series.add(side.log_ratio, null)
        lane.seconds.append(side.seconds)
        lane.baseline.append(base.seconds)
        if lane.suspicion:
            self._confirm(lane, floor)
        elif len(lane.looks.pairs) in self.terms.looks:
            self._look(lane, floor)

    def _confirm(self, lane: _Lane, floor: float) -> None:
        rule = self.rule(floor)
        looks = confirming_looks(lane.suspected, rule)
        if len(lane.fresh.pairs) in looks:
            found = confirm(lane.fresh.pairs, lane.fresh.nulls, rule, looks)
            if found.call is not Call.MORE:
                lane.judgement = found

    def _look(self, lane: _Lane, floor: float) -> None:
        found = judge(lane.looks.pairs, lane.looks.nulls, self.rule(floor))
        if found.call is Call.SUSPECT and self.terms.confirms:
            lane.suspicion, lane.suspected = found, len(lane.looks.pairs)
        elif found.call is Call.SUSPECT:
            lane.judgement = _as(found, Call.SLOWER)
        elif found.call is not Call.MORE:
            lane.judgement = found


def _as(judgement: Judgement, call: Call) -> Judgement:
    return Judgement(call, judgement.estimate, judgement.detectable)


def _result(lane: _Lane) -> Result:
    known = {"seconds": _middle(lane.seconds), "baseline_seconds": _middle(lane.baseline)}
    return replace(_judged(lane), **known)  # type: ignore[arg-type]


def _judged(lane: _Lane) -> Result:
    if lane.absence:
        return Result(lane.name, lane.absence.status, reason=lane.absence.reason)
    found = lane.judgement
    if found is None:
        return Result(lane.name, "unmeasured", reason="not measured to the end")
    unconfirmed = lane.suspicion is not None and found.call is not Call.SLOWER
    return Result(
        name=lane.name,
        status="ok",
        verdict=str(found.call),
        estimate=found.estimate,
        detectable=found.detectable,
        confirmed=lane.suspicion is not None and found.call is Call.SLOWER,
        suspected=lane.suspicion.estimate if lane.suspicion else None,
        reason=_unconfirmed(lane) if unconfirmed else "",
    )


def _unconfirmed(lane: _Lane) -> str:
    assert lane.suspicion is not None
    ratio = lane.suspicion.estimate.ratio
    few = len(lane.fresh.pairs) < max(LEAST_CONFIRMING, lane.suspected)
    fresh = TOO_FEW if few else "not in fresh ones"
    return f"unconfirmed: {ratio:.3f} in {lane.suspected} pairs, {fresh}"


def _middle(values: Sequence[float]) -> float | None:
    return median(values) if values else None
