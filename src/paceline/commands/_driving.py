"""Races in an open session: checked first, then measured, gone on with from the ledger; what they found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from paceline.commands._checking import checked
from paceline.commands._live import Watching
from paceline.commands._ordering import Earlier
from paceline.race.check import Plan
from paceline.race.contenders import Race
from paceline.race.driver import Effort, Run
from paceline.race.gate import Gate, checkable, gate, gate_of, plans, record
from paceline.race.order import QUICK, SECONDS, TERMS, Order
from paceline.race.session import Session
from paceline.race.tally import Result, Tally
from paceline.report.races import Outcome
from paceline.suite.config import Suite
from paceline.suite.questions import Question
from paceline.suite.repository import Checkout
from paceline.suite.slots import Built

CHECK_SECONDS = 300.0
JOBS = 2


@dataclass(frozen=True)
class Field:
    """Everything that a run of races is about."""

    suite: Suite
    order: Order
    questions: Sequence[Question]
    races: Sequence[Race]
    tree: Checkout
    varied: Mapping[str, Built] = field(default_factory=dict)  # the environments that race, where these do
    identical: tuple[str, ...] = ()  # those that are not raced: their builds are the baseline's

    @property
    def checks(self) -> list[Plan]:
        """What is to be checked before it is timed; of a case in several places answers are compared."""
        if self.varied:
            return []
        asked = checkable(self.questions, self.races)
        return plans(self.questions, asked, self.order.across)


class Driven:
    """The races of a field in an open session."""

    def __init__(self, field: Field, opened: Session, earlier: Earlier | None, budget: float | None) -> None:
        self.opened, self.field, self.gate = opened, field, Gate()
        self._earlier, self._stopped, self.whole = earlier, "", False
        asked = [] if field.varied else checkable(field.questions, field.races)
        answers = len(asked) < len(field.races)
        cores = field.order.preset != QUICK
        effort = Effort(SECONDS[field.order.preset], budget, answers=answers, cores=cores)
        self.watch = Watching(len(field.races), opened.ledger.write)
        terms, write = TERMS[field.order.preset], opened.ledger.write
        self.run = Run(field.races, terms, effort, opened.ground, write, self.watch)
        self.watch.run = self.run

    def measure(self, results: Path) -> None:
        """Check what can be checked, take in what was measured before, and measure the rest."""
        try:
            self.gate = self._checked(results)
            self._enter()
            with self.watch:
                self.run.measure()
            self.whole = True
        except BaseException:
            self._stopped = "interrupted"
            raise

    def outcomes(self) -> list[Outcome]:
        """Return what became of every race; of those on their way, what there is."""
        return [self._outcome(tally) for tally in self.run.tallies.values()]

    def _checked(self, results: Path) -> Gate:
        told = self._earlier.kind("gate") if self._earlier else []
        if told:
            return gate_of(told[-1])
        if self.field.varied:
            return Gate()
        field = self.field
        cases = checked(
            field.suite,
            field.checks,
            results,
            self.opened.machine,
            field.tree,
            CHECK_SECONDS,
            JOBS,
            lambda case: None,
        )
        found = gate(field.races, field.questions, cases, field.order.across)
        self.opened.ledger.write(record(found))
        return found

    def _enter(self) -> None:
        """Let those who are not fit take no part, and take in the pairs of an earlier part of this run."""
        for race, absent in self.gate.absent.items():
            for name, absence in absent.items():
                if race in self.run.tallies:
                    self.run.drop(race, name, absence)
        if self._earlier:
            self.run.replay(self.opened.before)
            self._keep_setups({str(one["race"]): str(one["each"]) for one in self._earlier.kind("setup")})
            self.watch.answers |= {str(one["race"]): one["answers"] for one in self._earlier.kind("answers")}

    def _keep_setups(self, setups: Mapping[str, str]) -> None:
        """Time later pairs as the earlier ones were: a second probe could find something else."""
        self.watch.setups |= setups
        for race, each in setups.items():
            if race in self.run.known:
                self.run.known[race].each, self.run.known[race].probed = each, True

    def _outcome(self, tally: Tally) -> Outcome:
        race, floor = tally.race, self.run.floor
        return Outcome(
            race=race,
            results=tuple(self._result(tally, one, floor) for one in tally.results()),
            floor=floor,
            setup=self.run.known[race.name].each,
            answers={**self.watch.answers.get(race.name, {}), **self._agreed(race)},
            notes=self.gate.notes.get(race.model, {}),
            baseline=self.gate.baselines.get(race.name) or tally.gone,
            warnings=self.run.known[race.name].cores,
        )

    def _agreed(self, race: Race) -> Mapping[str, str]:
        """Return what checking told, where it could tell anything."""
        found = self.gate.answers.get(race.name, {})
        return {name: told for name, told in found.items() if told != "unchecked"}

    def _result(self, tally: Tally, result: Result, floor: float) -> Result:
        if tally.gone and tally.gone.status == "skipped" and result.status == "unmeasured":
            return replace(result, status="skipped")  # as the gate says it
        if not (self._stopped and result.name in tally.active):
            return result
        found = tally.provisional(result.name, floor)
        return replace(result, estimate=found, reason=f"{self._stopped} after {tally.pairs} pairs")
