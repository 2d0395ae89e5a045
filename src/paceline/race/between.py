"""Two built commits compared: which cases both have, their races, and what is not paired."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from paceline.race import answers, commits, compared
from paceline.race.commits import BASE, HEAD, PAIRED, Matched
from paceline.race.compared import Verdict
from paceline.race.contenders import Place
from paceline.race.driver import Effort, Run, Watch
from paceline.race.session import Session
from paceline.race.tally import Terms
from paceline.race.unpaired import Compared
from paceline.race.unpaired import compare as compare_numbers
from paceline.suite.config import Suite
from paceline.suite.discover import questions
from paceline.suite.slots import Built

DECIDED = (
    "slower",
    "faster",
    "same",
    "inconclusive",
    "worse",
    "better",
    "changed",
    "new",
    "removed",
    "skipped",
)
START_SECONDS, NUMBER_SECONDS = 1.0, 2.0
FIRST_PAIRS = 4
NEWER = {"PYTHONNOUSERSITE": "1", "PYTHONPATH": None, "PYTHONHOME": None}


class _Bar(Watch, Protocol):
    """A watch that hears of cases that are not raced, too."""

    def counted(self) -> None:
        """One more case that is not raced is done."""


def place(side: Built, suite: Suite) -> Place:
    """Return a built commit as workers are started in it: what asv drops from the environment is dropped."""
    return Place(side.slot, side.python, suite.benchmarks, {**NEWER, **side.variables})


def matched_cases(suite: Suite, sides: tuple[Built, Built], bench: Sequence[str]) -> list[Matched]:
    """Return the cases of the suite as each side has them."""
    base, head = (questions(suite.config, side.python) for side in sides)
    return commits.matched(base, head, (place(sides[0], suite), place(sides[1], suite)), bench)


def cases_here(suite: Suite, python: str, bench: Sequence[str]) -> list[Matched]:
    """Return the cases of the suite as an interpreter has them, on both sides."""
    found = questions(suite.config, python)
    here = Place(BASE, python, suite.benchmarks), Place(HEAD, python, suite.benchmarks)
    return commits.matched(found, found, here, bench)


def estimate(cases: Sequence[Matched], seconds: float) -> str:
    """Return about how long the first pairs of all cases take."""
    paired = [case for case in cases if case.kind in PAIRED]
    crews = {case.benchmark for case in paired}
    pairs = FIRST_PAIRS * (len(crews) * START_SECONDS + len(paired) * (2.5 * seconds + 0.5))
    total = pairs + NUMBER_SECONDS * (len(cases) - len(paired))
    return f"about {math.ceil(total / 60)} min when nothing happened"


def described(side: Built) -> dict[str, Any]:
    """Return a side as the ledger and JSON tell it."""
    return {
        "commit": side.commit.hash,
        "tree": side.commit.tree,
        "label": side.commit.label,
        "subject": side.commit.subject,
        "environment": side.environment,
        "python": side.build.get("python"),
        "packages": dict(side.packages),
        "project": dict(side.project),
        "build": {key: side.build.get(key) for key in ("command", "flags", "compilers", "wheel")},
    }


class Comparison:
    """Every case of two sides on its way to a verdict."""

    def __init__(
        self, cases: Sequence[Matched], threshold: float, effort: Effort, opened: Session, watch: _Bar
    ) -> None:
        self._cases, self._opened, self._watch = list(cases), opened, watch
        both = [case for case in cases if case.base and case.head]
        self._raced = {case.name: case for case in both if case.kind in PAIRED}
        self._counted = [case for case in both if case.kind not in PAIRED]
        self._numbers: dict[tuple[str, str], Compared] = {}
        races = [commits.race(case, threshold) for case in self._raced.values()]
        self._run = Run(races, Terms(), effort, opened.ground, opened.ledger.write, watch)
        self._run.replay(opened.before)

    @property
    def floor(self) -> float:
        """s0, the noise floor of this comparison."""
        return self._run.floor

    def measure(self) -> None:
        """Race what can be raced, then compare the other numbers while the budget lasts."""
        self._run.measure()
        for case in self._counted:
            if self._run.over:
                return
            assert case.base is not None
            assert case.head is not None
            found = compare_numbers(self._opened.ground, case.base, case.head, case.kind)
            self._numbers[case.kind, case.name] = found
            verdict = compared.counted(case, found)
            self._opened.ledger.write(
                {
                    "kind": "number",
                    "case": case.name,
                    "benchmark": case.benchmark,
                    "params": case.params,
                    "base": verdict.base,
                    "head": verdict.head,
                    "verdict": verdict.verdict,
                    "reason": verdict.reason,
                    "processes": found.processes,
                }
            )
            self._watch.counted()

    def verdicts(self) -> list[Verdict]:
        """Return a verdict for every case; what was not measured says so."""
        return [self._verdict(case) for case in self._cases]

    def _verdict(self, case: Matched) -> Verdict:
        if case.base is None or case.head is None:
            return compared.one_sided(case)
        if case.kind in PAIRED:
            known = self._run.known[case.name].answers
            told = answers.compare(known.get(BASE), known.get(HEAD))
            return compared.timed(case, self._run.tallies[case.name], told)
        found = self._numbers.get((case.kind, case.name))
        if found is None:
            reason = "the budget was spent" if self._run.over else "not measured to the end"
            return Verdict(case.benchmark, case.kind, case.params, "unmeasured", reason=reason)
        return compared.counted(case, found)
