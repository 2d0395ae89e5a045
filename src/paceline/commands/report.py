"""``paceline report``: asv's results to tables, sentences and figures that people read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_json
from paceline.report import gather, summary, terminal, writer
from paceline.report.contents import Remarks, Report, Section
from paceline.report.escape import plain
from paceline.report.grids import ROW
from paceline.results import asv_files, checks
from paceline.results.measurements import Archive, Declared, Run, Status, newest
from paceline.suite import discover
from paceline.suite.config import load
from paceline.suite.questions import Benchmark, Question, matching

_ROWS_ELSEWHERE = 24  # where no terminal is: a log stays readable
_WARNINGS_ELSEWHERE = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command understands."""
    parser.add_argument("models", nargs="*", metavar="MODEL", help="only these models (default: all)")
    parser.add_argument("--results", type=Path, metavar="DIR", help="asv's results (the suite's)")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="where to write")
    parser.add_argument("--machine", metavar="NAME", help="only this machine (default: every one)")
    parser.add_argument("--commit", metavar="HASH", help="this commit (default: each machine's newest)")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration")
    parser.add_argument("--json", metavar="FILE", help="write the summary there too; - is standard output")


def run(options: argparse.Namespace) -> Exit:
    """Read the results, write the report, print its ratios and where it is."""
    folder = options.results or _default(options.config)
    archive = asv_files.read(folder)
    runs = _chosen(archive, options.machine, options.commit)
    found, warning = _questions(archive, options.config)
    questions = matching(found, options.models)
    remarks, torn = _remarks(folder, (each.machine.name for each in runs))
    warnings = (*archive.warnings, *torn, *((warning,) if warning else ()))
    _print_warnings(warnings)
    if not any(each.measurements for each in runs):
        raise PacelineError(f"{folder} holds no measurements; `paceline run` makes some", Exit.FAILED)
    code = Exit.OK if any(_measured(each, questions) for each in runs) else Exit.FAILED
    sections = tuple(_section(each, archive, questions, remarks[each.machine.name]) for each in runs)
    report = Report(sections, warnings, exits=() if code is Exit.OK else (int(code),))
    written = writer.write(report, options.out)
    if options.json:
        write_json(options.json, summary.document(report))
    _print(report, written, options.out, console(stderr=options.json == "-"))
    return code


def _default(config: Path) -> Path:
    """Return the results folder that asv's configuration names, or asv's usual one."""
    try:
        return Path(os.path.relpath(load(config).results))
    except PacelineError:
        return Path("results")


def _chosen(archive: Archive, machine: str | None, commit: str | None) -> tuple[Run, ...]:
    """Return the runs that the report is about; a name that fits none is an error that lists them."""
    runs = [each for each in archive.runs if machine in (None, each.machine.name)]
    if machine is not None and archive.runs and not runs:
        raise PacelineError(f"no results of machine {machine!r}; there are {_names(archive.runs)}")
    if commit is None:
        return newest(runs)
    of_commit = [each for each in runs if each.commit.startswith(commit)]
    hashes = sorted({each.commit[:8] for each in of_commit or runs})
    if len({each.commit for each in of_commit}) == 1:
        return newest(of_commit)
    problem = "fits several commits" if of_commit else "fits no commit"
    raise PacelineError(f"{commit!r} {problem} with results; there are {', '.join(hashes[:12]) or 'none'}")


def _names(runs: Iterable[Run]) -> str:
    return ", ".join(sorted({repr(each.machine.name) for each in runs}))


def _questions(archive: Archive, config: Path) -> tuple[list[Question], str | None]:
    """Ask the suite for its questions; what it does not know, or cannot tell, is named by its class."""
    fallback = _guessed(archive)
    try:
        found = discover.questions(config)
    except Exception as error:
        why = plain(error, 200) if isinstance(error, PacelineError) else type(error).__name__
        return fallback, f"the suite could not be read ({why}): models are named after their classes"
    known = {question.key for question in found}
    return found + [question for question in fallback if question.key not in known], None


def _guessed(archive: Archive) -> list[Question]:
    """Make questions of asv's names alone: "hydrology.GR6J.time_run" asks about hydrology.GR6J."""
    declared = dict(archive.declared)
    for each in archive.runs:
        for case in each.measurements:
            entry = Declared(case.benchmark, case.kind, case.unit, None, tuple(case.params), ())
            declared.setdefault(case.benchmark, entry)
    by_key: dict[str, list[Declared]] = {}
    for name, entry in declared.items():
        by_key.setdefault(name.rpartition(".")[0], []).append(entry)
    return [_guess(key, entries) for key, entries in by_key.items()]


def _guess(key: str, entries: Sequence[Declared]) -> Question:
    benchmarks = tuple(Benchmark(one.name, one.kind, one.param_names, one.params) for one in entries)
    names = [name for one in entries for name in _implementations(one)]
    baseline = "numba_jit" if "numba_jit" in names else next(iter(names), None)
    return Question(key, key or "benchmarks", key.partition(".")[0], None, baseline, False, benchmarks)


def _implementations(entry: Declared) -> tuple[str, ...]:
    if ROW not in entry.param_names or not entry.params:
        return ()
    return tuple(str(asv_files.decoded(text)) for text in entry.params[entry.param_names.index(ROW)])


def _section(each: Run, archive: Archive, questions: Sequence[Question], remarks: Remarks) -> Section:
    builds = (f"extension as checked: {build}" for build in remarks.builds)
    return gather.section(each, questions, remarks, (*builds, *_said(each, archive, questions)))


def _remarks(results: Path, machines: Iterable[str]) -> tuple[dict[str, Remarks], tuple[str, ...]]:
    """Return what each machine's newest check told of reasons and notes, and warnings."""
    remarks: dict[str, Remarks] = {}
    warnings: list[str] = []
    for machine in dict.fromkeys(machines):
        cases, torn = checks.newest(results, machine)
        warnings.extend(torn)
        remarks[machine] = Remarks(
            reasons={
                (case.model, case.implementation, frozenset(case.axes.items())): case.reason
                for case in cases
                if case.reason
            },
            notes={(case.model, case.implementation): case.note for case in cases if case.note},
            texts={(case.model, case.implementation): case.text for case in cases if case.text},
            builds=tuple(dict.fromkeys(case.build for case in cases if case.build)),
        )
    return remarks, tuple(warnings)


def _said(each: Run, archive: Archive, questions: Sequence[Question]) -> tuple[str, ...]:
    """Say what this run does not tell: models that only other commits have, benchmarks without ratios."""
    has = {_key(case.benchmark) for case in each.measurements}
    elsewhere: dict[str, str] = {}
    for other in _newest_last(archive, each):
        elsewhere |= {_key(case.benchmark): other.commit[:8] for case in other.measurements}
    missing = [
        f"{question.model} ({elsewhere[question.key]})"
        for question in questions
        if question.key in elsewhere and question.key not in has
    ]
    keys = {question.key for question in questions}
    alone = {
        case.benchmark
        for case in each.measurements
        if ROW not in case.params
        and _key(case.benchmark) in keys
        and not case.benchmark.startswith("startup")
    }
    said = [f"not measured at this commit, but at others: {', '.join(missing)}"] if missing else []
    if alone:
        said.append(
            f"{len(alone)} benchmarks have no parameter {ROW!r}: they have no ratios, and asv shows them"
        )
    return tuple(said)


def _newest_last(archive: Archive, each: Run) -> list[Run]:
    """Return the machine's runs at other commits, the newest last."""
    others = [run for run in archive.runs if run.machine == each.machine and run.commit != each.commit]
    return sorted(others, key=lambda run: run.date)


def _key(benchmark: str) -> str:
    return benchmark.rpartition(".")[0]


def _measured(each: Run, questions: Sequence[Question]) -> bool:
    keys = {question.key for question in questions}
    return any(case.status is Status.MEASURED and _key(case.benchmark) in keys for case in each.measurements)


def _print_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings[:_WARNINGS_ELSEWHERE]:
        print(f"paceline: {plain(warning, 300)}", file=sys.stderr)
    if len(warnings) > _WARNINGS_ELSEWHERE:
        print(
            f"paceline: {len(warnings) - _WARNINGS_ELSEWHERE} more warnings in the summary", file=sys.stderr
        )


def _print(report: Report, written: Sequence[Path], out: Path, screen: Console) -> None:
    most = None if screen.is_terminal else max(1, _ROWS_ELSEWHERE // max(1, len(report.sections)))
    for section in report.sections:
        if section.tables:
            for shown in terminal.ratios(section, most):
                screen.print(shown)
            for line in terminal.absences(section):
                screen.print(Text(line))
        else:
            name = plain(section.run.machine.name)
            screen.print(Text(f"{name}: nothing that was measured can be compared; {written[0]} says why"))
    figures = sum(path.suffix == ".svg" for path in written)
    screen.print(Text(f"Ratios are unpaired (asv's separate runs). {figures} figures in {out / 'figures'}"))
    screen.print(Text(f"Read {written[0]}; programs read {written[1]}"), soft_wrap=True)
