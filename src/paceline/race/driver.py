"""The driver of a run: rounds over all races, fresh workers for every pair, until every verdict is there.

One pair of every race that needs one makes a round, so that the pairs of a race are spread over the whole
run. Every pair is in the ledger before the next begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from paceline.outcome import PacelineError
from paceline.race.across import THREADS
from paceline.race.contenders import Absence, Contender, Pair, Race
from paceline.race.cores import by_place, probe
from paceline.race.crew import Crew, Ground
from paceline.race.pair import Known, measure
from paceline.race.record import pair_of, pair_record, race_record
from paceline.race.tally import Tally, Terms
from paceline.stats.verdict import noise_floor

SPENT = "the budget was spent"


@dataclass(frozen=True)
class Effort:
    """What a run may spend: seconds of measuring a contender and pair, and seconds in all."""

    seconds: float = 0.5
    budget: float | None = None
    answers: bool = False  # keep what the timed calls return
    batches: bool = False  # keep every batch in the ledger
    cores: bool = False  # find out which cases use more cores than they are measured on


class Watch(Protocol):
    """Hears what happens in a run."""

    def pair(self, tally: Tally, pair: Pair) -> None:
        """One more pair of a race is there."""

    def done(self, tally: Tally) -> None:
        """A race has ended."""


class Run:
    """The races of one run, driven to their verdicts."""

    def __init__(
        self,
        races: Sequence[Race],
        terms: Terms,
        effort: Effort,
        ground: Ground,
        write: Callable[[dict[str, Any]], None],
        watch: Watch,
    ) -> None:
        self.terms, self.effort = terms, effort
        self.tallies: dict[str, Tally] = {}
        self.known: dict[str, Known] = {}
        self.take(races)
        self._ground, self._write, self._watch = ground, write, watch
        self._ended: set[str] = set()
        self._probed: set[str] = set()
        self._started = time.monotonic()

    @property
    def floor(self) -> float:
        """s0, the run's present noise floor, from the A/A arms of all its races."""
        return noise_floor([tally.nulls for tally in self.tallies.values() if tally.nulls])

    @property
    def waiting(self) -> bool:
        """Whether some race needs more pairs."""
        return any(tally.active for tally in self.tallies.values())

    @property
    def over(self) -> bool:
        """Whether the budget is spent."""
        budget = self.effort.budget
        return budget is not None and time.monotonic() - self._started >= budget

    @property
    def left(self) -> float | None:
        """Seconds of the budget that are left; None where there is none."""
        budget = self.effort.budget
        return None if budget is None else max(0.0, budget - (time.monotonic() - self._started))

    def take(self, races: Iterable[Race]) -> None:
        """Take more races in; what is known of the others stays."""
        for race in races:
            self.tallies[race.name] = Tally(race, self.terms)
            self.known[race.name] = Known()

    def replay(self, records: Iterable[Mapping[str, Any]]) -> int:
        """Take in the pairs of an earlier part of this run; return how many there were."""
        count = 0
        told: set[str] = set()  # those whose end is written down, too
        for record in records:
            tally = self.tallies.get(str(record.get("race")))
            if record.get("kind") == "pair" and tally is not None:
                told.discard(tally.race.name)
                _replay(tally, record)
                count += 1
            elif record.get("kind") == "cores" and tally is not None:
                self.known[tally.race.name].cores |= record["cores"]
            elif record.get("kind") == "race" and tally is not None:
                told.add(tally.race.name)
        self._ended |= {name for name in told if not self.tallies[name].active}
        for tally in self.tallies.values():
            self._finish(tally, quietly=True)
        return count

    def drop(self, race: str, name: str, absence: Absence) -> None:
        """Let a contender take no part, for a reason found before the first pair."""
        self.tallies[race].drop(name, absence)
        self._finish(self.tallies[race])

    def measure(self) -> None:
        """Measure until all is decided or the budget is spent; what is then open is judged as it stands."""
        self.go_on()
        self.end(SPENT)

    def go_on(self) -> None:
        """Measure until all is decided or the budget is spent; what is then open may go on later."""
        self._started = time.monotonic()
        while not self.over and (crews := self._waiting()):
            for crew in crews:
                if self.over:
                    break
                self._pair(crew)

    def end(self, reason: str) -> None:
        """Judge what is open by what there is."""
        floor = self.floor
        for tally in self.tallies.values():
            tally.end(floor, reason)
            self._finish(tally)

    def _waiting(self) -> list[list[Tally]]:
        """Return the crews that need a pair: first looks first, then by the size of the estimate."""
        crews: dict[str, list[Tally]] = {}
        for tally in self.tallies.values():
            if tally.active:
                crews.setdefault(tally.race.crew, []).append(tally)
        waiting = list(crews.values())
        self._ground.rng.shuffle(waiting)
        return sorted(waiting, key=_need)

    def _pair(self, tallies: Sequence[Tally]) -> None:
        order = list(tallies)
        self._ground.rng.shuffle(order)
        with Crew(self._ground, tallies[0].race.threads) as crew:
            for tally in order:
                race, known = tally.race, self.known[tally.race.name]
                want = self.effort.answers and not known.answers
                pair = measure(
                    crew, race, tally.active, tally.wants_null, self.effort.seconds, known, answers=want
                )
                floor = self.floor
                self._write(pair_record(race, tally.pairs, pair, floor, self.effort.batches))
                tally.add(pair, floor)
                self._watch.pair(tally, pair)
                self._finish(tally)
                if self.over:
                    return
        if self.effort.cores and tallies[0].race.threads == 1:
            new = (tally for tally in tallies if tally.race.name not in self._probed)
            self._probe([tally for tally in new if THREADS not in tally.race.axes])  # else the case says it

    def _probe(self, tallies: Sequence[Tally]) -> None:
        """Find out, once a race, whose cases use several cores; a baseline elsewhere is taken to be alike."""
        self._probed |= {tally.race.name for tally in tallies}
        largest = {tally.race.baseline.benchmark: tally for tally in sorted(tallies, key=_index)}
        if len(largest) == 1:
            self._ask_cores(tallies)
            return
        warned = self._ask_cores(largest.values())  # many benchmarks, cheaply: the others where it matters
        again = [tally for tally in tallies if tally.race.baseline.benchmark in warned]
        if again:
            self._ask_cores([tally for tally in again if tally not in largest.values()])

    def _ask_cores(self, tallies: Iterable[Tally]) -> set[str]:
        """Keep the warnings of these races' contenders; return the benchmarks that have some."""
        asked: dict[tuple[str, str], Contender] = {}
        warned = set()
        for tally in tallies:
            places = {one.place.name for one in tally.race.contenders}
            for one in (tally.race.baseline, *tally.race.contenders):
                if one.place.name in places and not tally.lacks(one.name):
                    asked[tally.race.name, one.name] = one
        for cases in by_place(asked):
            for (race, name), warning in probe(self._ground, cases).items():
                self.known[race].cores[name] = warning
                self._write({"kind": "cores", "race": race, "cores": {name: warning}})
                warned.add(self.tallies[race].race.baseline.benchmark)
        return warned

    def _finish(self, tally: Tally, quietly: bool = False) -> None:
        """Write down a race that has ended; ``quietly``: nobody is told."""
        name = tally.race.name
        if tally.active or name in self._ended:
            return
        self._ended.add(name)
        known = self.known[name]
        results = {result.name: result for result in tally.results()}
        more = {"floor": self.floor, "setup_before_every_call": known.each}
        self._write(race_record(tally.race, results, known.version, more))
        if not quietly:
            self._watch.done(tally)


def _replay(tally: Tally, record: Mapping[str, Any]) -> None:
    try:
        tally.add(pair_of(record), float(record["floor"]))
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError) as error:
        told = f"pair {record.get('number')} of {tally.race.name} in the ledger is damaged"
        raise PacelineError(f"{told}; this run cannot be resumed: start a new one") from error


def _index(tally: Tally) -> int:
    return tally.race.baseline.index


def _need(tallies: Sequence[Tally]) -> tuple[bool, float]:
    return not any(tally.first_look for tally in tallies), -max(tally.urgency for tally in tallies)
