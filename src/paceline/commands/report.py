"""``paceline report``: races and asv's results to tables, sentences and figures that people read."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from paceline.commands import _contrasting as contrasting
from paceline.commands import _dashboard as dashboard
from paceline.commands._asked import asked
from paceline.commands._gathering import Found, chosen, found, key_of
from paceline.commands._gathering import sections as gathered
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_json
from paceline.report import claims, losses, summary, terminal, writer
from paceline.report.claims import Claim, Limit
from paceline.report.contents import Report
from paceline.results.measurements import Status
from paceline.results.raced import OK
from paceline.suite.config import load
from paceline.suite.questions import Question, matching

_ROWS_ELSEWHERE = 24  # where no terminal is: a log stays readable
_WARNINGS_ELSEWHERE = 6
_ABSENCES = 6  # lines of reasons; the summary has all


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command understands."""
    parser.add_argument("models", nargs="*", metavar="MODEL", help="only these models (default: all)")
    parser.add_argument("--results", type=Path, metavar="DIR", help="results of races and asv (the suite's)")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="where to write")
    parser.add_argument("--machine", metavar="NAME", help="only this machine (default: every one)")
    parser.add_argument("--commit", metavar="HASH", help="only this commit (default: the newest)")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration")
    parser.add_argument(
        "--asv-pages", type=Path, metavar="DIR", help="put the dashboard beside what `asv publish` made there"
    )
    beside = parser.add_mutually_exclusive_group()
    beside.add_argument(
        "--compare", nargs=2, metavar="MACHINE", help="instead: the same cases on two machines, unpaired"
    )
    beside.add_argument(
        "--epochs", action="store_true", help="instead: before and after the last change of a host, unpaired"
    )
    parser.add_argument("--json", metavar="FILE", help="write the summary there too; - is standard output")


def run(options: argparse.Namespace) -> Exit:
    """Read the results, write the report, print its ratios and where it is."""
    folder = options.results or _default(options.config)
    every = found(folder)
    questions, warning = asked(every.archive, every.cases, options.config)
    wanted = matching(questions, options.models)
    if options.compare or options.epochs:
        return contrasting.run(every, wanted, options)
    known = chosen(every, options.machine, options.commit)
    sections, torn = gathered(known, every.archive, wanted)
    said, limit, unclear = _claims(options.config)
    warnings = (*every.warnings, *torn, *((warning,) if warning else ()), *unclear)
    _print_warnings(warnings)
    if not any(run.measurements for run in known.archive.runs) and not known.raced:
        raise PacelineError(
            f"{folder} holds no measurements; `paceline race` and `paceline run` make some", Exit.FAILED
        )
    code = Exit.OK if _measured(known, wanted) else Exit.FAILED
    report = Report(
        tuple(sections),
        warnings,
        references={question.model: question.reference for question in questions},
        earlier=losses.earlier(options.out / "summary.json"),
        claims=said,
        limit=limit,
        partial=bool(options.models or options.machine),
        exits=() if code is Exit.OK else (int(code),),
    )
    written = writer.write(report, options.out)
    pages = dashboard.write(report, every, questions, wanted, options)
    if options.json:
        write_json(options.json, summary.document(report))
    screen = console(stderr=options.json == "-")
    _print(report, written, options.out, screen)
    screen.print(Text(f"Open {' or '.join(map(str, pages))} in a browser"), soft_wrap=True)
    return code


def _claims(config: Path) -> tuple[tuple[Claim, ...], Limit | None, tuple[str, ...]]:
    """Read what changes are said to be worth and what rows move, where the suite has a file of it."""
    try:
        path = load(config).benchmarks / claims.FILE
        text = path.read_text(encoding="utf-8")
        found, unclear = claims.parse(text, path.name)
        return found, claims.limit(text), unclear
    except (FileNotFoundError, PacelineError):
        return (), None, ()
    except (OSError, ValueError) as error:
        return (), None, (f"{claims.FILE} cannot be read: {error}",)


def _default(config: Path) -> Path:
    """Return the results folder that asv's configuration names, or asv's usual one."""
    try:
        return Path(os.path.relpath(load(config).results))
    except PacelineError:
        return Path("results")


def _measured(known: Found, questions: Sequence[Question]) -> bool:
    """Whether anything that was asked for has a figure."""
    keys = {question.key for question in questions}
    timed = (case.benchmark for case in known.cases if case.status == OK)
    cases = (case for run in known.archive.runs for case in run.measurements)
    by_asv = (case.benchmark for case in cases if case.status is Status.MEASURED)
    return any(key_of(benchmark) in keys for benchmark in (*timed, *by_asv))


def _print_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings[:_WARNINGS_ELSEWHERE]:
        print(f"paceline: {plain(warning, 300)}", file=sys.stderr)
    if len(warnings) > _WARNINGS_ELSEWHERE:
        print(
            f"paceline: {len(warnings) - _WARNINGS_ELSEWHERE} more warnings in the summary", file=sys.stderr
        )


def _print(report: Report, written: Sequence[Path], out: Path, screen: Console) -> None:
    """Print the ratios last, above where they are from and where the rest is."""
    most = None if screen.is_terminal else max(1, _ROWS_ELSEWHERE // max(1, len(report.sections)))
    for section in report.sections:
        if section.tables:
            for shown in terminal.ratios(section, screen.width, most):
                screen.print(shown)
            for line in (*terminal.absences(section)[:_ABSENCES], *terminal.origin(section)):
                screen.print(Text(line), soft_wrap=not screen.is_terminal)
        else:
            name = plain(section.run.machine.name)
            screen.print(Text(f"{name}: nothing that was measured can be compared; {written[0]} says why"))
    figures = sum(path.suffix == ".svg" for path in written)
    screen.print(
        Text(f"Read {written[0]}; programs read {written[1]}; {figures} figures in {out / 'figures'}"),
        soft_wrap=True,
    )
