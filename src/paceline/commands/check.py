"""``paceline check``: do all implementations agree with the reference, and leave their inputs alone?

JSON (``--json``), schema 1::

    {"schema": 1, "machine": "...", "commit": "1a2b3c4d+dirty", "python": "...",
     "cases": [{"model", "implementation", "axes": {"n": 365}, "status", "max_abs", "max_rel", "reason",
                "text", "note", "build", "inputs"}],
     "exits": [4]}
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from paceline.commands._checking import checked
from paceline.host.fingerprint import read_fingerprint
from paceline.outcome import Exit, PacelineError, worst
from paceline.output import console, write_json
from paceline.race.check import Plan, plan
from paceline.results.checks import Case, record
from paceline.suite.config import load
from paceline.suite.discover import questions_here
from paceline.suite.machine import machine_name
from paceline.suite.questions import matching
from paceline.suite.repository import checkout

MARKS = {"agrees": "ok", "skipped": "--", "unchecked": "??", "failed": "!!", "differs": "!!"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to check; all, when none is named")
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument("--results", type=Path, help="where the record goes (the suite's results folder)")
    parser.add_argument("--machine", help="the machine's name in the results (the host's own name)")
    parser.add_argument(
        "--n", action="append", default=[], metavar="SIZE", help="only this size; may be repeated"
    )
    parser.add_argument("--timeout", type=float, default=300.0, metavar="SECONDS", help="for one case (300)")
    parser.add_argument(
        "--jobs",
        type=int,
        default=min(4, os.cpu_count() or 1),
        help="models at once (as many as processors, at most 4)",
    )
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Check, show every model as it is done, record, and say how it went."""
    suite = load(options.config)
    chosen = matching(questions_here(options.config), options.models)
    plans = plan(chosen, options.n)
    total = sum(len(one.cases) for one in plans)
    if not total:
        raise PacelineError("nothing to check: no benchmark with a parameter `implementation` and that size")
    tree = checkout(suite.root, suite.written)
    machine = machine_name(options.machine, read_fingerprint().document())
    screen = _Screen(plans, total, quiet=options.json == "-")
    screen.say(f"checking {total} cases of {len(plans)} models at {tree.label}, with {sys.executable}")
    results = options.results or suite.results
    with screen.progress:
        cases = checked(suite, plans, results, machine, tree, options.timeout, options.jobs, screen.show)
    exits = _exits(cases)
    screen.close(cases, exits)
    if options.json:
        write_json(options.json, _document(machine, tree.label, cases, exits))
    return worst(exits)


class _Screen:
    """What is seen while checking: a bar on a terminal, a line for every model that is done."""

    def __init__(self, plans: Sequence[Plan], total: int, quiet: bool) -> None:
        self._console = console(stderr=quiet)
        columns = (TextColumn("checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.progress = Progress(
            *columns, console=self._console, transient=True, disable=not sys.stderr.isatty()
        )
        self._task = self.progress.add_task("check", total=total)
        self._waiting = Counter[str]()  # a model may be asked by several classes
        for one in plans:
            self._waiting[one.question.model] += len(one.cases)
        self._cases: dict[str, list[Case]] = {model: [] for model in self._waiting}

    def say(self, text: str) -> None:
        self._console.print(text, markup=False)

    def show(self, case: Case) -> None:
        """Count a case; when it is the last of its model, print the model's line and its troubles."""
        self.progress.advance(self._task)
        self._cases[case.model].append(case)
        self._waiting[case.model] -= 1
        if self._waiting[case.model] == 0:
            for line in _lines(case.model, self._cases[case.model]):
                self.say(line)

    def close(self, cases: Sequence[Case], exits: Sequence[Exit]) -> None:
        counts = Counter(case.status for case in cases)
        told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        self.say(f"{len(cases)} cases: {told}")
        if counts["agrees"] and not exits:
            self.say("All results match. Next: paceline run")


def _lines(model: str, cases: Sequence[Case]) -> list[str]:
    """Return a model's summary line, and one for each implementation that does not simply agree."""
    agreeing = [case for case in cases if case.status == "agrees"]
    largest = max((case.max_abs or 0.0 for case in agreeing if not case.note), default=0.0)
    names = len({case.implementation for case in agreeing})
    marks = {MARKS[case.status] for case in cases}
    mark = next(mark for mark in ("!!", "ok", "??", "--") if mark in marks)
    lines = [
        f" {mark} {model}: {names} implementations agree in {len(agreeing)} cases, at most {largest:.1e} off"
    ]
    seen = set()
    for case in cases:
        key = (case.implementation, case.status, case.reason)
        if case.status != "agrees" and key not in seen:
            seen.add(key)
            where = "" if case.status == "skipped" else _axes(case)
            lines.append(
                f"    {MARKS[case.status]} {case.implementation}{where}: {case.status}: {case.reason[:300]}"
            )
    return lines


def _axes(case: Case) -> str:
    return " at " + ", ".join(f"{name} = {value}" for name, value in case.axes.items()) if case.axes else ""


def _exits(cases: Sequence[Case]) -> list[Exit]:
    statuses = {case.status for case in cases}
    exits = []
    if "differs" in statuses:
        exits.append(Exit.WRONG_ANSWERS)
    if "failed" in statuses or statuses <= {"skipped"}:
        exits.append(Exit.FAILED)
    return exits


def _document(machine: str, commit: str, cases: Sequence[Case], exits: Sequence[Exit]) -> dict[str, Any]:
    return {
        "schema": 1,
        "machine": machine,
        "commit": commit,
        "python": sys.executable,
        "cases": [record(case) for case in cases],
        "exits": [int(code) for code in exits],
    }
