"""Two built commits compared: which cases both have, their races, and what is not paired."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from paceline.outcome import PacelineError
from paceline.race import answers, commits, compared, screening
from paceline.race.commits import BASE, HEAD, PAIRED, Matched, number_of_case
from paceline.race.compared import Verdict
from paceline.race.contenders import Pair, Place, Race
from paceline.race.driver import SPENT, Effort, Run, Watch
from paceline.race.session import Session
from paceline.race.tally import Tally, Terms
from paceline.race.unpaired import Compared
from paceline.suite.config import Suite
from paceline.suite.discover import questions
from paceline.suite.questions import Question
from paceline.suite.settings import Comparing
from paceline.suite.slots import Built
from paceline.suite.undeclared import advice

SKIPPED = "paceline.toml leaves it out"
NEWER = {"PYTHONNOUSERSITE": "1", "PYTHONPATH": None, "PYTHONHOME": None}


class _Bar(Watch, Protocol):
    """A watch that hears of cases that are not raced, too."""

    def counted(self) -> None:
        """One more case that is not raced is done."""


def place(side: Built, suite: Suite) -> Place:
    """Return a built commit as workers are started in it: with asv's variables, without what asv drops."""
    told = {
        "ASV_PROJECT": suite.project,
        "ASV_CONF_DIR": str(suite.root),
        "ASV_ENV_NAME": side.environment,
        "ASV_ENV_DIR": str(Path(side.python).parent.parent),
        "ASV_COMMIT": side.commit.hash,
    }
    variables = {name: value or None for name, value in side.variables.items()}  # empty: taken out
    return Place(side.slot, side.python, suite.benchmarks, {**NEWER, **told, **variables})


def matched_cases(
    suite: Suite,
    sides: tuple[Built, Built],
    bench: Sequence[str],
    say: Callable[[str], None] = lambda text: None,
) -> list[Matched]:
    """Return the cases of the suite as each side has them; ``say`` hears of a side that cannot tell."""
    base, head = _asked_both(suite, sides, say)
    return commits.matched(base, head, (place(sides[0], suite), place(sides[1], suite)), bench)


def _asked_both(
    suite: Suite, sides: tuple[Built, Built], say: Callable[[str], None]
) -> tuple[list[Question], list[Question]]:
    """Return each side's questions; where one cannot be asked, the other's: its workers will tell why.

    One new module that imports what base has not keeps all benchmarks from being discovered there.
    """
    told: list[list[Question] | PacelineError] = []
    for side in sides:
        try:
            told.append(questions(suite.config, side.python, place(side, suite).variables))
        except PacelineError as error:
            told.append(error)
    base, head = told
    if isinstance(base, PacelineError) and not isinstance(head, PacelineError):
        say(f"in base {base}")
        return head, head
    if isinstance(head, PacelineError):
        if isinstance(base, PacelineError):
            more = advice(str(head), suite.project)
            raise PacelineError(f"{head}; {more}", head.code) if more else head
        say(f"in head {head}")
        return base, base
    assert not isinstance(base, PacelineError)
    return base, head


def cases_here(suite: Suite, python: str, bench: Sequence[str]) -> list[Matched]:
    """Return the cases of the suite as an interpreter has them, on both sides."""
    found = questions(suite.config, python)
    here = Place(BASE, python, suite.benchmarks), Place(HEAD, python, suite.benchmarks)
    return commits.matched(found, found, here, bench)


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
    """Every case of two sides on its way to a verdict. It hears what its races tell, and hands it on."""

    def __init__(
        self,
        cases: Sequence[Matched],
        threshold: Callable[[str], float],
        effort: Effort,
        opened: Session,
        watch: _Bar,
        settings: Comparing = Comparing(),  # noqa: B008 - frozen
        screen: bool = False,
    ) -> None:
        self._cases, self._opened, self._watch, self._settings = list(cases), opened, watch, settings
        both = [case for case in cases if case.base and case.head and not settings.skips(case.name)]
        self._raced = {case.name: case for case in both if case.kind in PAIRED}
        self._counted = [case for case in both if case.kind not in PAIRED]
        self._numbers: dict[tuple[str, str], Compared] = {}
        self._answers: dict[str, str] = {}
        races = [
            commits.race(case, threshold(name), settings.threads_of(name))
            for name, case in self._raced.items()
        ]
        self._races, self._effort = races, effort
        self._run = self._driven([] if screen else races, Terms(), effort, self)
        self._screen = (
            self._driven(
                screening.cheap(races), screening.TERMS, screening.effort(effort), screening.Quiet(self)
            )
            if screen
            else None
        )
        self._settled: dict[str, Tally] = {}
        self._replay()

    @property
    def floor(self) -> float:
        """s0, the noise floor of this comparison."""
        return self._run.floor

    def measure(self) -> None:
        """Race what can be raced, then compare the other numbers while the budget lasts."""
        if self._screen:
            self._sift_and_race(self._screen)
        else:
            self._run.measure()
        for case in self._counted:
            if (case.kind, case.name) in self._numbers:
                continue
            if self._run.over:
                return
            found = number_of_case(self._opened.ground, case)
            self._numbers[case.kind, case.name] = found
            self._opened.ledger.write(compared.number_record(case, found))
            self._watch.counted()

    def pair(self, tally: Tally, pair: Pair) -> None:
        """Compare what the calls of a race's first pair returned, and keep it in the ledger."""
        name = tally.race.name.removeprefix(screening.PREFIX)
        run = self._run if tally.race.name == name or self._screen is None else self._screen
        known = run.known[tally.race.name].answers
        if known and name not in self._answers:
            self._answers[name] = answers.compare(known.get(BASE), known.get(HEAD))
            self._opened.ledger.write(
                {"kind": "answers", "race": name, "answers": {HEAD: self._answers[name]}}
            )
        self._watch.pair(tally, pair)

    def done(self, tally: Tally) -> None:
        """Hand on that a race has ended."""
        self._watch.done(tally)

    def verdicts(self) -> list[Verdict]:
        """Return a verdict for every case; what was not measured says so."""
        return compared.with_work([self._verdict(case) for case in self._cases])

    def _driven(self, races: Sequence[Race], terms: Terms, effort: Effort, watch: Watch) -> Run:
        return Run(races, terms, effort, self._opened.ground, self._opened.ledger.write, watch)

    def _sift_and_race(self, screen: Run) -> None:
        """Screen, and race what that has not settled; in turns where the budget is too small for all."""
        end = math.inf if self._effort.budget is None else time.monotonic() + self._effort.budget

        def left() -> float | None:
            return None if end == math.inf else max(0.0, end - time.monotonic())

        while True:
            screen.effort = screening.effort(self._effort, left())
            screen.go_on()
            self._sift(screen)
            self._run.effort = screening.effort_after(self._effort, left())
            self._run.measure()
            if not screen.waiting or self._run.over:
                break
        screen.end(SPENT)
        self._settled = screening.settled(screen)

    def _sift(self, screen: Run) -> None:
        """Leave to the races what has been screened and is not settled, the most suspicious first."""
        settled = screening.settled(screen)
        for _ in settled.keys() - self._settled.keys():
            self._watch.counted()
        self._settled = settled
        new = [race for race in screening.by_need(screen, self._races) if race.name not in self._run.tallies]
        self._run.take(new)
        screening.hand_on(screen, self._run, [race.name for race in new])

    def _replay(self) -> None:
        """Take in what an earlier part of this run has found: it is not measured again."""
        before = self._opened.before
        if self._screen:
            self._screen.replay(before)
            self._sift(self._screen)
        self._run.replay(before)
        for record in before:
            if record.get("kind") == "answers":
                self._answers[str(record["race"])] = str(record["answers"][HEAD])
            elif record.get("kind") == "number":
                self._numbers[record["type"], record["case"]] = compared.number_of(record)
        ended = sum(not tally.active for tally in self._run.tallies.values())
        for _ in range(ended + len(self._numbers)):
            self._watch.counted()

    def _tally(self, name: str) -> Tally:
        """Return the race of a case, or its screening where that has not come to an end."""
        if self._screen and name not in self._run.tallies:
            return self._screen.tallies[screening.PREFIX + name]
        return self._run.tallies[name]

    def _warning(self, name: str) -> str:
        """Return what is to be warned of, as a race or the screening before it has found out."""
        runs = [(self._run, name), *([(self._screen, screening.PREFIX + name)] if self._screen else [])]
        known = (run.known[race].cores.get(HEAD, "") for run, race in runs if race in run.known)
        return next(filter(None, known), "")

    def _verdict(self, case: Matched) -> Verdict:
        if case.base is None or case.head is None:
            return compared.one_sided(case)
        if self._settings.skips(case.name):
            return Verdict(case.benchmark, case.kind, case.params, "skipped", reason=SKIPPED)
        if case.kind in PAIRED:
            told = self._answers.get(case.name, answers.UNCHECKED)
            settled = self._settled.get(case.name)
            tally = settled or self._tally(case.name)
            made = compared.timed(case, tally, told, self.floor, self._warning(case.name))
            return screening.told(made) if settled else made
        found = self._numbers.get((case.kind, case.name))
        if found is None:
            reason = SPENT if self._run.over else "not measured to the end"
            return Verdict(case.benchmark, case.kind, case.params, "unmeasured", reason=reason)
        return compared.counted(case, found)
