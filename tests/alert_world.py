"""A branch whose commits are as slow as a test says, and races on it that follow the real rule."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from paceline.alerts import life, nominating, wishing
from paceline.alerts.alert import Alert
from paceline.alerts.known import Known, Wish
from paceline.race.hunt import Found, Hunt, Step
from paceline.results.anchor import Anchors
from paceline.results.history import Compared, series
from paceline.stats.changepoints import Change, nominate
from paceline.stats.verdict import Call, Judgement, Rule, confirm, confirming_looks, judge, nulls_needed
from paceline.suite.repository import Commit

CPU = "Example CPU (6/1/1)"


@cache
def changes_of(values: tuple[float, ...], threshold: float) -> list[Change]:
    return nominate(values, threshold)


nominating.nominate = lambda values, threshold: changes_of(tuple(values), threshold)  # asked again and again


def hash_of(number: int) -> str:
    return hashlib.sha1(str(number).encode()).hexdigest()


@dataclass
class World:
    """``levels`` gives a case's log time at a commit; ``modes`` the case's slow share and how slow it is."""

    levels: Mapping[str, Callable[[int], float]]
    count: int
    seed: int = 1
    spread: float = 0.005
    modes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    broken: frozenset[int] = frozenset()
    cpus: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: {CPU: {}})

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.seed)
        self.order = {hash_of(number): number for number in range(self.count)}
        self.compared: list[Compared] = []
        self.book: dict[str, Alert] = {}
        self.notices: list[str] = []
        self.races = 0
        self.newest = 0

    def compare(self, base: int, head: int, cases: Sequence[str] | None = None) -> None:
        """Race all cases of two commits; what is broken has no verdict."""
        if base in self.broken or head in self.broken:
            return
        cpu = str(self.rng.choice(list(self.cpus)))
        for case in cases or self.levels:
            shift = self.cpus[cpu].get(case, 0.0) if head else 0.0
            truth = self.levels[case](head) - self.levels[case](base)
            self.compared.append(self._raced(case, base, head, truth + (shift if base == 0 else 0.0), cpu))

    def _raced(self, case: str, base: int, head: int, truth: float, cpu: str, cut: float = 0.025) -> Compared:
        self.races += 1
        call, value, half, pairs = self._verdict(case, truth, Rule(threshold=cut))
        low, high = math.exp(value - half), math.exp(value + half)
        return Compared(
            f"run{self.races}", self.now, cpu, hash_of(base), hash_of(head), case, case.partition("(")[0],
            {"implementation": case.partition("=")[2].rstrip(")") or "only"}, "time", call, call == "slower",
            math.exp(value), low, high, pairs,
        )  # fmt: skip

    def _verdict(self, case: str, truth: float, rule: Rule) -> tuple[str, float, float, int]:
        for count in rule.looks:
            found = judge(*self._pairs(case, truth, count), rule)
            if found.call is not Call.MORE:
                break
        if found.call is not Call.SUSPECT:
            return str(found.call), *found_numbers(found)
        looks = confirming_looks(count, rule)
        for fresh in looks:
            again = confirm(*self._pairs(case, truth, fresh), rule, looks)
            if again.call is not Call.MORE:
                break
        return str(again.call), *found_numbers(again)

    def _pairs(self, case: str, truth: float, count: int) -> tuple[list[float], list[float]]:
        share, slow = self.modes.get(case, (0.0, 0.0))

        def logs(number: int) -> np.ndarray:
            normal = self.rng.normal(0, self.spread / math.sqrt(2), number)
            return normal + slow * (self.rng.random(number) < share)

        arms = nulls_needed(count)
        return (truth + logs(count) - logs(count)).tolist(), (logs(arms) - logs(arms)).tolist()

    @property
    def now(self) -> str:
        return f"2026-01-01T{self.newest // 60:02d}:{self.newest % 60:02d}:00Z"

    def known(self, racing: bool = True) -> Known:
        order = {commit: number for commit, number in self.order.items() if number <= self.newest}
        every = series(self.compared, Anchors(hash_of(0)), order)
        return Known(
            order,
            self.compared,
            nominating.nominations(every, self.book, order, hash_of(0)),
            frozenset({hash_of(0)}),
            down=nominating.down(every, self.book, order),
            racing=racing,
        )

    def push(self, number: int, parents: bool = True) -> None:
        """Measure a commit as CI does, then settle what can be settled."""
        self.newest = number
        if parents and number:
            parent = max(one for one in range(number) if one not in self.broken)
            self.compare(parent, number)
        if number != 1 or not parents:
            self.compare(0, number)
        for _ in range(6):
            known = self.known()
            self.book = life.update(self.book, known, self.now)
            asked = wishing.wishes(self.book, known)
            if not asked:
                break
            for wish in asked:
                self.grant(wish)
        for name, one in self.book.items():
            if wishing.due(one, known):
                self.notices.append(name)
                self.book[name] = replace(one, told=True)

    def grant(self, wish: Wish) -> None:
        base, head = self.order[wish.base], self.order[wish.head]
        if not wish.bisect:
            if {base, head} & self.broken:
                return
            fitting = [case for case in self.levels if case.partition("(")[0] == wish.benchmark]
            self.compare(base, head, fitting)
            return
        commits = [self._commit(number) for number in range(base + 1, head + 1)]
        found: Found = Hunt(self._commit(base), commits, 0.025, self._step(wish.case), lambda *_: None).run()
        what = "named" if found.culprit else found.reason
        for name, one in self.book.items():
            if wish.case in one.cases:
                self.book[name] = wishing.searched(one, self.now, what)

    def _commit(self, number: int) -> Commit:
        return Commit(hash_of(number), "", f"commit {number}", f"c{number}", "")

    def _step(self, case: str) -> Callable[[Commit, Commit, float], Step]:
        def race(base: Commit, head: Commit, cut: float) -> Step:
            first, last = self.order[base.hash], self.order[head.hash]
            if last in self.broken:
                return Step(head, base, "skipped", reason="cannot be built")
            one = self._raced(case, first, last, self.levels[case](last) - self.levels[case](first), CPU, cut)
            self.compared.append(replace(one, params={}))
            return Step(head, base, one.verdict, one.ratio, one.low, one.high, one.pairs)

        return race


def found_numbers(found: Judgement) -> tuple[float, float, int]:
    return found.estimate.value, found.estimate.half, found.estimate.pairs
