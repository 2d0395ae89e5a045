"""What the tests of the engine share: hand-made pairs, and races of small suites that are really driven."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from threading import Event
from typing import Any

import psutil
from conftest import write_suite

from paceline.race.contenders import Absence, Contender, Pair, Place, Race, Side
from paceline.race.crew import Crew, Ground, Limits
from paceline.race.driver import Effort, Run
from paceline.race.pair import Known, measure
from paceline.race.tally import Result, Tally, Terms

NOWHERE = Place("here", "python", Path("benchmarks"))
TWO_PAIRS = Terms((2,), confirms=False)


def side(log_ratio: float | None = None, seconds: float = 1e-3, **more: Any) -> Side:
    """Make one contender's part in a pair."""
    known = {"order": 0, "batches": 3, "calls": 18, "cpu": 0.1, "wall": 0.1, "faults": 0, "switches": 0}
    return Side(seconds=seconds, log_ratio=log_ratio, **{**known, **more})


def pair(
    *ratios: float,
    null: float | None = None,
    names: Sequence[str] = ("one", "two", "three"),
    absent: Mapping[str, Absence] | None = None,
) -> Pair:
    """Make a pair in which the contenders have these log ratios; those who are absent have none."""
    gone = dict(absent or {})
    sides = {name: side(ratio) for name, ratio in zip(names, ratios, strict=False) if name not in gone}
    if "base" not in gone:
        sides["base"] = side()
    return Pair(sides, None if null is None else side(null), gone)


def race_of(*names: str, name: str = "m.time_x", crew: str = "m.time_x", threshold: float = 0.025) -> Race:
    """Make a race that is nowhere measured."""
    one = [Contender(each, NOWHERE, "m.time_x", 0, ()) for each in ("base", *names)]
    return Race(name, "m", crew, {}, one[0], tuple(one[1:]), threshold=threshold)


@dataclass
class Heard:
    """A watch that keeps what it heard, and what was written to the ledger."""

    pairs: list[tuple[str, Pair]] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    records: list[dict[str, Any]] = field(default_factory=list)

    def pair(self, tally: Tally, found: Pair) -> None:
        self.pairs.append((tally.race.name, found))

    def done(self, tally: Tally) -> None:
        self.ended.append(tally.race.name)

    def write(self, record: Mapping[str, Any]) -> None:
        """Keep a record as it would be read again."""
        self.records.append(json.loads(json.dumps(record, allow_nan=False)))


# a clock that benchmarks turn on by themselves, so that a verdict is the same on any computer at any time
CLOCK = """
class Clock:
    now = 0.0

    @classmethod
    def read(cls):
        return cls.now

    @classmethod
    def spend(cls, seconds):
        cls.now += seconds

"""


def small_suite(folder: Path, text: str, name: str = "bench", **files: str) -> Path:
    """Write a suite of one file; return its benchmarks folder."""
    named = {f"{one}.py": content for one, content in files.items()}
    return write_suite(folder, {f"{name}.py": text, **named}) / "benchmarks"


def places(benchmarks: Path, head: Path | None = None, **variables: str | None) -> tuple[Place, Place]:
    """Return two places with this interpreter; the head may have benchmarks of its own."""
    return (
        Place("base", sys.executable, benchmarks, variables),
        Place("head", sys.executable, head or benchmarks, variables),
    )


def against_itself(
    benchmark: str,
    where: tuple[Place, Place],
    params: Sequence[Sequence[str]] = (),
    crew: str = "crew",
    threads: int = 1,
) -> list[Race]:
    """Return a race for every case of a benchmark, between two places."""
    races = []
    for index, values in enumerate(product(*params)):
        base, head = (Contender(one.name, one, benchmark, index, values) for one in where)
        told = f"{benchmark}({', '.join(values)})" if values else benchmark
        name = f"{told} {index}" if any(race.name == told for race in races) else told
        races.append(Race(name, benchmark, crew, {}, base, (head,), threads))
    return races


def ground(
    folder: Path, timeout: float = 60.0, memory: float | None = None, asked: bool = False, seed: int = 1
) -> Ground:
    """Return the ground of a run in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return Ground(Limits(timeout, memory, asked), folder, Event(), random.Random(seed))


def measured(
    races: Iterable[Race],
    where: Ground,
    null: bool = False,
    seconds: float = 0.005,
    answers: bool = True,
    threads: int = 1,
) -> dict[str, tuple[Pair, Known]]:
    """Measure one pair of every race in one crew; return what was found, and what is known then."""
    found = {}
    with Crew(where, threads) as crew:
        for race in races:
            known = Known()
            names = [one.name for one in race.contenders]
            found[race.name] = measure(crew, race, names, null, seconds, known, answers), known
    return found


def driven(races: Sequence[Race], where: Ground, heard: Heard, terms: Terms = TWO_PAIRS) -> dict[str, Result]:
    """Drive races to their end; return the result of each one's only contender."""
    run = Run(races, terms, Effort(seconds=0.005, answers=True), where, heard.write, heard)
    run.measure()
    return {name: tally.results()[0] for name, tally in run.tallies.items()}


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
