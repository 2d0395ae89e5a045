"""From a results folder to a report's sections: which runs, which races beside them, what checking told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from paceline.outcome import PacelineError
from paceline.report import gather
from paceline.report.contents import Remarks, Section
from paceline.report.grids import ROW
from paceline.results import archive as archives
from paceline.results import checks, races
from paceline.results.cache import PLACE
from paceline.results.measurements import Archive, Run, newest
from paceline.results.raced import Raced
from paceline.suite.questions import Question


@dataclass(frozen=True)
class Found:
    """Everything in a results folder: asv's runs, and each machine's races."""

    folder: Path
    archive: Archive
    raced: Mapping[str, tuple[Raced, ...]]
    warnings: tuple[str, ...] = ()

    @property
    def cases(self) -> list[Raced]:
        """The races of all machines."""
        return [one for own in self.raced.values() for one in own]


def found(folder: Path, cache: Path = PLACE) -> Found:
    """Read a results folder; a large one through the cache."""
    archive = archives.read(folder, cache)
    versions = {name: one.version for name, one in archive.declared.items()}
    names = dict.fromkeys((*(run.machine.name for run in archive.runs), *races.machines(folder)))
    read = {name: races.read(folder, name, versions) for name in names}
    mine = archive.warnings if archive.runs or not any(one.cases for one in read.values()) else ()
    warnings = (*mine, *(warning for one in read.values() for warning in one.warnings))
    return Found(folder, archive, {name: one.cases for name, one in read.items() if one.cases}, warnings)


def chosen(known: Found, machine: str | None, commit: str | None) -> Found:
    """Keep what the report is about; a name that fits none is an error that lists them.

    Without a commit, each machine's newest run of asv stays, and its newest races; with one, only its own.
    """
    runs = [run for run in known.archive.runs if machine in (None, run.machine.name)]
    raced = {name: own for name, own in known.raced.items() if machine in (None, name)}
    if machine is not None and (known.archive.runs or known.raced) and not (runs or raced):
        names = {*(run.machine.name for run in known.archive.runs), *known.raced}
        raise PacelineError(
            f"no results of machine {machine!r}; there are {', '.join(map(repr, sorted(names)))}"
        )
    if commit is not None:
        whole = _whole(commit, {*(run.commit for run in runs), *_commits(raced)})
        runs = [run for run in runs if run.commit == whole]
        raced = {
            name: kept
            for name, own in raced.items()
            if (kept := tuple(one for one in own if one.run.commit == whole))
        }
    return replace(known, archive=replace(known.archive, runs=newest(runs)), raced=raced)


def sections(known: Found, every: Archive, questions: Sequence[Question]) -> tuple[list[Section], list[str]]:
    """Gather a section for each run; races that fit none of several environments have one of their own."""
    made: list[Section] = []
    warnings: list[str] = []
    names = dict.fromkeys((*(run.machine.name for run in known.archive.runs), *known.raced))
    for name in sorted(names):
        remarks, torn = _remarks(known.folder, name)
        warnings += torn
        runs = [run for run in known.archive.runs if run.machine.name == name]
        for run, raced in _beside(runs, known.raced.get(name, ())):
            builds = [f"extension as checked: {build}" for build in remarks.builds]
            said = (*builds, *_said(run, raced, every, questions))
            made.append(gather.section(run, questions, remarks, said, raced))
    return made, warnings


def _whole(commit: str, hashes: Iterable[str]) -> str:
    hashes = sorted(filter(None, hashes))
    fitting = [one for one in hashes if one.startswith(commit)]
    if len(fitting) == 1:
        return fitting[0]
    problem = "fits several commits" if fitting else "fits no commit"
    there = ", ".join(one[:8] for one in (fitting or hashes)[:12]) or "none"
    raise PacelineError(f"{commit!r} {problem} with results; there are {there}")


def _commits(raced: Mapping[str, Sequence[Raced]]) -> set[str]:
    return {one.run.commit for own in raced.values() for one in own}


def _beside(runs: Sequence[Run], raced: Sequence[Raced]) -> list[tuple[Run, list[Raced]]]:
    """Give each race to the one run, or to the first of several whose environment it fits."""
    if not runs:
        return [(races.as_run(raced), list(raced))]
    places: dict[int, list[Raced]] = {place: [] for place in range(len(runs))}
    left: list[Raced] = []
    for one in raced:
        fitting = (place for place, run in enumerate(runs) if races.belongs(one.run, run))
        place = 0 if len(runs) == 1 else next(fitting, None)
        (left if place is None else places[place]).append(one)
    alone = [(races.as_run(left), left)] if left else []
    return [*((run, places[place]) for place, run in enumerate(runs)), *alone]


def _remarks(results: Path, machine: str) -> tuple[Remarks, tuple[str, ...]]:
    """Return what a machine's newest checks told of reasons and notes, and warnings."""
    cases, torn = checks.newest(results, machine)
    keys = {
        id(case): (case.question or case.model, case.implementation, frozenset(case.axes.items()))
        for case in cases
    }
    remarks = Remarks(
        reasons={keys[id(case)]: case.reason for case in cases if case.reason},
        wrong=frozenset(keys[id(case)] for case in cases if case.status == "differs"),
        notes={(case.model, case.implementation): case.note for case in cases if case.note},
        texts={(case.model, case.implementation): case.text for case in cases if case.text},
        builds=tuple(dict.fromkeys(case.build for case in cases if case.build)),
    )
    return remarks, torn


def _said(run: Run, raced: Sequence[Raced], every: Archive, questions: Sequence[Question]) -> tuple[str, ...]:
    """Say what this section does not tell: models that only other commits have, benchmarks without ratios."""
    has = {key_of(case.benchmark) for case in run.measurements}
    has |= {key_of(case.benchmark) for case in raced}
    elsewhere: dict[str, str] = {}
    for other in _newest_last(every, run):
        elsewhere |= {key_of(benchmark): other.commit[:8] for benchmark in other.benchmarks}
    missing = [
        f"{question.model} ({elsewhere[question.key]})"
        for question in questions
        if question.key in elsewhere and question.key not in has
    ]
    keys = {question.key for question in questions}
    alone = {
        case.benchmark
        for case in run.measurements
        if ROW not in case.params
        and key_of(case.benchmark) in keys
        and not case.benchmark.startswith("startup")
    }
    said = [f"not measured at this commit, but at others: {', '.join(missing)}"] if missing else []
    if alone:
        some = "1 benchmark has" if len(alone) == 1 else f"{len(alone)} benchmarks have"
        said.append(f"{some} no parameter {ROW!r}: no ratio to be made, but asv shows what was measured")
    return tuple(said)


def _newest_last(archive: Archive, run: Run) -> list[Run]:
    """Return the machine's runs at other commits, the newest last."""
    name = run.machine.name
    others = [one for one in archive.runs if one.machine.name == name and one.commit != run.commit]
    return sorted(others, key=lambda one: one.date)


def key_of(benchmark: str) -> str:
    """Return how a benchmark's name begins: "hydrology.GR6J" of "hydrology.GR6J.time_run"."""
    return benchmark.rpartition(".")[0]
