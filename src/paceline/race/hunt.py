"""The hunt for the first slower commit: races in the order that the search asks for, and what they prove.

How commits are built and raced is the caller's: it is asked for two commits and a threshold, and answers
with a step.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paceline.race.bisection import Answer, Search, answer, middle_threshold
from paceline.suite.repository import Commit

SLOWER, INCONCLUSIVE = "slower", "inconclusive"
DECIDED = (SLOWER, "faster", "same")


@dataclass(frozen=True)
class Step:
    """One commit raced against another.

    ``verdict`` is slower, faster, same, inconclusive, skipped or unmeasured; ``reason`` is why there is no
    ratio, or what else is to be known.
    """

    commit: Commit
    against: Commit
    verdict: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    reason: str = ""

    @property
    def value(self) -> float:
        """The log ratio; 0 where there is none."""
        return math.log(self.ratio) if self.ratio else 0.0

    @property
    def told(self) -> str:
        """The ratio and the verdict as people read them, or why there is none."""
        if self.ratio is None or self.low is None or self.high is None:
            return f"{self.verdict}: {self.reason}" if self.reason else self.verdict
        return f"{self.ratio:.3f} ({self.low:.3f}-{self.high:.3f}) {self.verdict}"


@dataclass(frozen=True)
class Found:
    """What a hunt has found.

    ``culprit`` is the race that proves a commit slower than its parent; without it ``suspects`` are those of
    which one is the first slower one, and ``reason`` says why no more is known.
    """

    first: Step
    threshold: float  # that middle commits were raced with
    steps: tuple[Step, ...] = ()
    check: Step | None = None
    culprit: Step | None = None
    suspects: tuple[Commit, ...] = ()
    reason: str = ""


Racer = Callable[[Commit, Commit, float], Step]  # (base, head, threshold)


@dataclass
class Hunt:
    """A hunt among ``commits``, which come after ``good``, the oldest first.

    ``parent`` is that of the first of them, where it is not ``good``, as on a merged branch.
    ``tell`` hears of every step, with where the search then stands; None while or after nothing is searched.
    """

    good: Commit
    commits: Sequence[Commit]
    threshold: float
    race: Racer
    tell: Callable[[Step, Search | None], None]
    parent: Commit | None = None
    steps: dict[int, Step] = field(default_factory=dict)

    def run(self) -> Found:
        """Race BAD against GOOD, then what lies between them, then the commit found against its parent."""
        first = self.race(self.good, self.commits[-1], self.threshold)
        search = Search.among(len(self.commits))
        self.tell(first, search if first.verdict == SLOWER else None)
        if first.verdict != SLOWER:
            return Found(first, self.threshold, reason=_not_slower(first))
        self.steps[search.bad] = first
        between = middle_threshold(first.value, self.threshold)
        while (number := search.asked) is not None:
            step = self.race(self.good, self.commits[number], between)
            if step.verdict == "unmeasured":
                return self._range(first, between, None, step.reason)
            self.steps[number] = step
            skip = step.verdict not in (*DECIDED, INCONCLUSIVE)
            said = Answer.SKIP if skip else answer(step.verdict, step.value, first.value)
            search = search.told(said)
            self.tell(step, search)
        if len(search.suspects) > 1:
            reason = f"{len(search.suspects) - 1} of them could not be measured"
            return self._range(first, between, None, reason)
        return self._named(first, between, search)

    def _named(self, first: Step, between: float, search: Search) -> Found:
        """Name the commit that the search has found, if a race against its parent confirms it."""
        against_good = self.steps[search.bad]
        parent = self.commits[search.bad - 1] if search.bad else self.parent or self.good
        if parent.hash == self.good.hash and against_good.verdict == SLOWER:  # that race was it
            return self._found(first, between, against_good, None)
        check = self.race(parent, self.commits[search.bad], self.threshold)
        self.tell(check, None)
        if check.verdict == SLOWER:
            return self._found(first, between, check, check)
        reason = f"{check.commit.label} is not confirmed against its parent: {check.told}"
        return self._range(first, between, check, reason)

    def _found(self, first: Step, between: float, culprit: Step, check: Step | None) -> Found:
        steps = tuple(self.steps.values())[1:]
        return Found(first, between, steps, check, culprit, (culprit.commit,))

    def _range(self, first: Step, between: float, check: Step | None, reason: str) -> Found:
        """Return what verdicts prove, and they alone: an inconclusive race is no evidence."""
        decided = {number: step.verdict for number, step in self.steps.items() if step.verdict in DECIDED}
        good = max((number for number, said in decided.items() if said != SLOWER), default=-1)
        bad = min(number for number, said in decided.items() if said == SLOWER)
        steps = tuple(self.steps.values())[1:]
        return Found(first, between, steps, check, None, tuple(self.commits[good + 1 : bad + 1]), reason)


def _not_slower(first: Step) -> str:
    if first.ratio is None:
        return f"the two could not be compared: {first.told}"
    return f"{first.commit.label} is not confirmed slower than {first.against.label}: {first.told}"


def step_record(step: Step) -> dict[str, Any]:
    """Return a step for the ledger and for JSON."""
    return {
        "commit": step.commit.hash,
        "label": step.commit.label,
        "subject": step.commit.subject,
        "against": step.against.hash,
        "verdict": step.verdict,
        "ratio": step.ratio,
        "low": step.low,
        "high": step.high,
        "pairs": step.pairs,
        "reason": step.reason,
    }


def step_of(base: Commit, head: Commit, record: Mapping[str, Any]) -> Step:
    """Return the step that a record tells of; what is no number in it counts as none."""
    numbers = (record.get(key) for key in ("ratio", "low", "high"))
    ratio, low, high = (float(one) if isinstance(one, int | float) else None for one in numbers)
    pairs = record.get("pairs")
    told = str(record.get("verdict")), str(record.get("reason", ""))
    return Step(head, base, told[0], ratio, low, high, pairs if isinstance(pairs, int) else 0, told[1])
