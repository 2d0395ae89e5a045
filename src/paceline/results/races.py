"""What races found last: each machine's newest ratio of every case, from the ledgers of ``paceline race``.

Only races across implementations count, at the version that asv knows of a benchmark, where both tell one.
The newest wins; but what was not measured to its end never stands before what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.outcome import PacelineError
from paceline.results import ledger
from paceline.results.measurements import Machine, Run
from paceline.results.raced import UNMEASURED, Raced, RaceRun, cases

IDLE = 50  # once so many runs in a row told nothing that newer ones do not, older ones are not read


@dataclass(frozen=True)
class Races:
    """The newest of every case, and what could not be read or compared."""

    cases: tuple[Raced, ...] = ()
    warnings: tuple[str, ...] = ()


def machines(results: Path) -> list[str]:
    """Return the machines that have raced."""
    return sorted({path.parent.parent.name for path in ledger.runs(results) if _is_race(path)})


def read(results: Path, machine: str, versions: Mapping[str, str | None]) -> Races:
    """Read the newest of a machine's races; ``versions`` are those of the benchmarks that asv declares."""
    found = every(results, machine, versions)
    return Races(newest(found.cases), found.warnings)


def every(results: Path, machine: str, versions: Mapping[str, str | None]) -> Races:
    """Read a machine's races, the older ones of each case too, back to where nothing new is found."""
    try:
        paths = [path for path in ledger.runs(results, machine) if _is_race(path)]
    except (OSError, ValueError, PacelineError):  # a name that cannot be a folder has no races
        return Races()
    warnings: list[str] = []
    found = _read_back(paths, machine, warnings)
    fitting = [one for one in found if _same(one.version, versions.get(one.benchmark))]
    if len(fitting) < len(found):
        count = len({one.benchmark for one in found} - {one.benchmark for one in fitting})
        warnings += [f"races of {count} benchmarks are of another version of them; left out"] if count else []
    return Races(tuple(fitting), tuple(warnings))


def _read_back(paths: Sequence[Path], machine: str, warnings: list[str]) -> list[Raced]:
    """Read runs, the newest first, until many in a row told nothing new."""
    found: list[Raced] = []
    known: set[object] = set()
    idle = 0
    for path in reversed(paths):
        records = ledger.read(path)
        warnings += records.warnings
        own = cases(path, machine, records.records, warnings)
        found += own
        told = {(one.key, one.run.epoch, one.status == UNMEASURED) for one in own}
        idle = idle + 1 if told <= known else 0
        known |= told
        if idle == IDLE:
            break
    return found


def newest(found: Iterable[Raced]) -> tuple[Raced, ...]:
    """Keep the last of every case, in the order in which the cases came first."""
    kept: dict[Any, Raced] = {}
    for one in sorted(found, key=lambda case: (case.run.utc, case.run.name)):
        if one.key not in kept or one.status != UNMEASURED:
            kept[one.key] = one
    return tuple(kept.values())


def _same(version: str, declared: str | None) -> bool:
    return not version or declared is None or version == declared


def _is_race(path: Path) -> bool:
    """Whether a ledger is of ``paceline race``: only its first line is read."""
    return ledger.what(path) == "race"


def as_run(cases: Sequence[Raced]) -> Run:
    """Return the newest of races as a run of asv in which nothing was measured: where there is no other."""
    last = max((one.run for one in cases), key=lambda run: (run.utc, run.name))
    host = last.host
    fields = (host.get(name, "") for name in ("os", "arch", "cpu", "cores_logical", "ram"))
    return Run(
        Machine(last.machine, *fields),
        last.commit,
        last.utc,
        "the interpreter that raced",
        last.python,
        last.packages,
        {},
        (),
        last.utc,
    )


def belongs(race: RaceRun, run: Run) -> bool:
    """Whether a race's interpreter had the Python and the versions that a run of asv asked for."""
    wanted = {name.removeprefix("pip+"): version.lstrip("=") for name, version in run.requirements.items()}
    asked = [("python", run.python), *wanted.items()]
    has = {**race.packages, "python": race.python}
    return all(
        f"{has[name]}.".startswith(f"{version}.") for name, version in asked if version and name in has
    )
