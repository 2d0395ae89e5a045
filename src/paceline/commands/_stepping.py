"""The races of a bisection: two commits are built, one case is raced, and the ledger remembers each step."""

from __future__ import annotations

import difflib
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from paceline.commands._measuring import Progressing
from paceline.outcome import Exit, PacelineError
from paceline.race import between, commits
from paceline.race.commits import PAIRED, Matched
from paceline.race.crew import Ground
from paceline.race.driver import Effort, Run
from paceline.race.hunt import Step, step_of, step_record
from paceline.race.session import Session
from paceline.race.tally import Result, Tally, Terms
from paceline.suite import slots
from paceline.suite.config import Suite
from paceline.suite.discover import questions
from paceline.suite.installed import differences
from paceline.suite.repository import Commit
from paceline.suite.settings import comparing
from paceline.suite.slots import BuildFailedError, Built

MOST_LISTED = 20
OVER = "the budget was spent"
Say = Callable[[str], None]


def one_case(cases: Sequence[Matched], text: str) -> Matched:
    """Return the timed case that a user's words mean: its name, or a regular expression that fits no other.

    PacelineError lists those that fit, or the nearest, and where a side has no such case.
    """
    timed = {case.name: case for case in cases if case.kind in PAIRED}
    fitting = [text] if text in timed else [name for name in timed if _pattern(text).search(name)]
    if len(fitting) != 1:
        raise PacelineError(_not_one(text, fitting, list(timed)))
    case = timed[fitting[0]]
    if case.base is None or case.head is None:
        side = "GOOD" if case.base is None else "BAD"
        raise PacelineError(f"{side} has no case {case.name}: name commits that both have it")
    return case


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise PacelineError(f"{text!r} is neither a case nor a regular expression: {error}") from error


def _not_one(text: str, fitting: Sequence[str], known: Sequence[str]) -> str:
    shown = "".join(f"\n  {name}" for name in fitting[:MOST_LISTED])
    if fitting:
        more = f"\n  and {len(fitting) - MOST_LISTED} more" if len(fitting) > MOST_LISTED else ""
        return f"{text!r} fits {len(fitting)} timed cases; name one of them:{shown}{more}"
    near = difflib.get_close_matches(text, known, 5, cutoff=0.0)
    told = "".join(f"\n  {name}" for name in near) or " none: the suite times nothing"
    return f"{text!r} fits no timed case; the nearest:{told}"


def matched(suite: Suite, sides: tuple[Built, Built], bench: Sequence[str]) -> list[Matched]:
    """Return the cases of the two sides. Of a head that cannot be asked, the base's: its worker tells why."""
    places = between.place(sides[0], suite), between.place(sides[1], suite)
    base = questions(suite.config, places[0].python, places[0].variables)
    try:
        head = questions(suite.config, places[1].python, places[1].variables)
    except PacelineError:
        head = base
    return commits.matched(base, head, places, bench)


class Races:
    """Races of one case between commits. ``good`` is what the slot ``base`` holds at first."""

    def __init__(
        self,
        suite: Suite,
        case: Matched,
        opened: Session,
        effort: Effort,
        say: Say,
        log: Path,
    ) -> None:
        self.suite, self.case, self._opened = suite, case, opened
        self._effort, self._say, self._log = effort, say, log
        self._started, self._spent = time.monotonic(), 0.0
        steps = (record for record in opened.before if record.get("kind") == "step")
        self._known: dict[str, Mapping[str, Any]] = {str(record.get("race")): record for record in steps}

    def race(self, base: Commit, head: Commit, threshold: float) -> Step:
        """Race two commits, or remember what the ledger has of them; what cannot be measured is skipped."""
        name = f"{self.case.name} {head.label} against {base.label}"
        known = self._known.get(name)
        if known:
            return step_of(base, head, known)
        left = None if self._effort.budget is None else self._effort.budget - self._spent
        if left is not None and left <= 0:
            return Step(head, base, "unmeasured", reason=OVER)
        step = self._raced(base, head, name, threshold, left)
        if step.verdict != "unmeasured":
            self._opened.ledger.write({"kind": "step", "race": name, **step_record(step)})
        return step

    def _raced(self, base: Commit, head: Commit, name: str, threshold: float, left: float | None) -> Step:
        try:
            sides = slots.both(self.suite, base, head, self._building, self._log)
        except PacelineError as error:
            if not isinstance(error, BuildFailedError) and error.code != Exit.USAGE:
                raise
            return Step(head, base, "skipped", reason=str(error))
        found = differences(*sides)
        if found.refused:
            return Step(head, base, "skipped", reason="; ".join(found.refused))
        if found.identical:
            return Step(head, base, "same", reason="identical build")
        case = self._case(sides)
        if case is None or case.base is None or case.head is None:
            return Step(head, base, "skipped", reason=f"it has no case {self.case.name}")
        told = {side.slot: between.described(side) for side in sides}
        self._opened.ledger.write({"kind": "sides", "race": name, "sides": told})
        threads = comparing(self.suite.root).threads_of(case.name)
        return self._measured(base, head, replace(commits.race(case, threshold, threads), name=name), left)

    def _case(self, sides: tuple[Built, Built]) -> Matched | None:
        """Return the case as the two sides have it; a side that cannot be asked is taken to have it."""
        found = matched(self.suite, sides, [f"^{re.escape(self.case.benchmark)}$"])
        key = self.case.kind, self.case.name
        return next((case for case in found if (case.kind, case.name) == key), None)

    def _measured(self, base: Commit, head: Commit, race: Any, left: float | None) -> Step:
        opened, ground = self._opened, self._opened.ground
        # a folder and caches of its own: what setup_cache made of another commit is not this one's
        own = Ground(ground.limits, ground.folder / f"{head.label}-{base.label}", ground.stop, ground.rng)
        watch = Progressing(f"racing {head.label}", 1, quiet=True)
        effort = replace(self._effort, budget=left)
        driven = Run([race], Terms(), effort, own, opened.ledger.write, watch)
        driven.replay(opened.before)
        started = time.monotonic()
        with watch.bar:
            driven.measure()
        self._spent += time.monotonic() - started
        tally = driven.tallies[race.name]
        step = _step(base, head, tally, tally.results()[0])
        if driven.over and step.verdict == "inconclusive":  # more pairs might have decided it
            return replace(step, verdict="unmeasured", reason=OVER)
        return step

    def _building(self, text: str) -> None:
        if not text.startswith("already built"):
            self._say("  " + text)


def _step(base: Commit, head: Commit, tally: Tally, result: Result) -> Step:
    if result.status == "unmeasured" and not tally.gone:
        return Step(head, base, "unmeasured", reason=result.reason)
    if result.status != "ok" or result.estimate is None:
        return Step(head, base, "skipped", reason=f"{result.status}: {result.reason}")
    found = result.estimate
    return Step(head, base, result.verdict, found.ratio, found.low, found.high, found.pairs, result.reason)
