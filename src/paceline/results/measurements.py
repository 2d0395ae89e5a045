"""What asv measured, as values: machines, runs and measurements, and which of them is the newest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Scalar = str | int | float | bool | None


class Status(StrEnum):
    """What became of a case in asv: absence is typed, never a zero."""

    MEASURED = "measured"
    FAILED = "failed"  # asv's null: it raised, crashed or ran out of time
    SKIPPED = "skipped"  # asv's NaN: the suite declined, or the case was not selected


@dataclass(frozen=True)
class Machine:
    """The six fields of asv's ``machine.json``, as it has them; an empty text is "not recorded"."""

    name: str
    os: str = ""
    arch: str = ""
    cpu: str = ""
    cores: str = ""
    ram: str = ""


@dataclass(frozen=True)
class Declared:
    """A benchmark as ``benchmarks.json`` declares it; ``kind`` is asv's type ("time", "track", ...)."""

    name: str
    kind: str
    unit: str
    version: str | None
    param_names: tuple[str, ...]
    params: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Measurement:
    """One case of one run: asv's median with its 99 % interval, both in ``unit``.

    ``low`` and ``high`` are None when asv knew no interval (a single sample has infinite ones).
    ``reason`` says why a value is none, where the file tells.
    """

    benchmark: str
    kind: str
    unit: str
    params: Mapping[str, Scalar]
    status: Status
    value: float | None = None
    low: float | None = None
    high: float | None = None
    samples: tuple[float, ...] | None = None
    reason: str = ""


@dataclass(frozen=True)
class Run:
    """One result file: what was measured at one commit, in one environment, on one machine."""

    machine: Machine
    commit: str
    date: datetime  # of the commit
    environment: str
    python: str
    requirements: Mapping[str, str]
    variables: Mapping[str, str]
    measurements: Sequence[Measurement]
    measured: datetime | None = None  # when the last of them was started

    @property
    def benchmarks(self) -> frozenset[str]:
        """The names of what was measured; a run of a long history knows them without being read."""
        known: frozenset[str] | None = getattr(self.measurements, "benchmarks", None)
        return frozenset(case.benchmark for case in self.measurements) if known is None else known


@dataclass(frozen=True)
class Archive:
    """A whole ``results/`` folder, and everything in it that could not be read or compared."""

    declared: Mapping[str, Declared]
    runs: tuple[Run, ...]
    warnings: tuple[str, ...]


def newest(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return each machine's runs at its newest commit, one for every environment, in a stable order."""
    by_machine: dict[str, list[Run]] = {}
    for run in runs:
        by_machine.setdefault(run.machine.name, []).append(run)
    chosen = []
    for name in sorted(by_machine):
        last = max(by_machine[name], key=_age)
        same = [run for run in by_machine[name] if run.commit == last.commit]
        chosen += sorted(same, key=lambda run: run.environment)
    return tuple(chosen)


def _age(run: Run) -> tuple[datetime, datetime, str]:
    """Commits of one second are told apart by when they were measured, then by their hash."""
    return run.date, run.measured or run.date, run.commit
