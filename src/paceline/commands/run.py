"""``paceline run``: asv run with a machine file, the host recorded, and quick results kept apart.

JSON (``--json``), schema 1::

    {"schema": 1, "machine": "...", "commits": "HEAD^!", "results": "...", "log": "...", "asv": 0,
     "infra": "", "exits": []}

``infra`` says why this run's absolute times are not to be believed; it is empty when they are.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from paceline.commands._building import log_of
from paceline.commands._waiting import add_wait, wait_of
from paceline.host.fingerprint import read_fingerprint
from paceline.host.lock import hold
from paceline.outcome import Exit, PacelineError
from paceline.output import console, write_json
from paceline.race import canary
from paceline.results.hosts import record_host
from paceline.suite import asv_run
from paceline.suite.asv_run import Ended, Order
from paceline.suite.config import Suite, load
from paceline.suite.discover import questions
from paceline.suite.environments import forget_pure_builds
from paceline.suite.machine import ensure_machine
from paceline.suite.questions import Question
from paceline.suite.repository import checkout, has_commits
from paceline.suite.settings import quick

QUICK_RESULTS = Path(".paceline/quick")
SECONDS_A_CASE = {"time": 1.5, "peakmemory": 0.5, "track": 0.5}
QUICK_SECONDS_A_CASE = 1.5
ASV_FAILED_CASES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("commits", nargs="?", default="HEAD^!", help="commits, as asv takes them (HEAD^!)")
    parser.add_argument(
        "--preset", choices=("quick", "full"), default="full", help="quick is set in paceline.toml"
    )
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument("--results", type=Path, help=f"results folder (the suite's; quick: {QUICK_RESULTS})")
    parser.add_argument("--machine", help="the machine's name in the results (the host's own name)")
    parser.add_argument("--bench", action="append", default=[], metavar="REGEX", help="only these benchmarks")
    parser.add_argument(
        "--launch-method", choices=("spawn", "forkserver"), default="forkserver",
        help="how asv starts benchmarks (forkserver)",
    )  # fmt: skip
    add_wait(parser)
    parser.add_argument("--dry-run", action="store_true", help="say what would be run, and how long it takes")
    parser.add_argument("--json", metavar="FILE", help="write what was done as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Prepare, run asv, and say how it ended and where its log is."""
    suite = load(options.config)
    screen = console(stderr=options.json == "-")
    order = _order(options, suite)
    tree = checkout(suite.root, suite.written)
    if (
        suite.repository
        and checkout(suite.repository).commit
        and not has_commits(suite.repository, order.commits)
    ):
        raise PacelineError(f"git knows no commits {order.commits!r}; try HEAD^! or main~3..main")
    screen.print(f"asv run {order.commits}: {_estimate(suite, order, options)}", markup=False)
    if tree.dirty:
        screen.print(
            f"the working tree has changes or new files; asv measures the commit {tree.commit[:8]} without "
            "them: to have them measured, commit them first"
        )
    if options.dry_run:
        screen.print(" ".join(asv_run.command(suite, order)), markup=False, soft_wrap=True)
        _write(options, order, order.machine, None, None, "", [])
        return Exit.OK

    def say(text: str) -> None:
        screen.print(text, markup=False, soft_wrap=True)

    with hold(f"paceline run {order.commits}", wait_of(options), say):
        for folder in forget_pure_builds(suite):
            say(f"built again, now that cargo is here: {folder.name[:8]}")
        fingerprint = read_fingerprint(machine=options.machine)
        machine = ensure_machine(order.machine, fingerprint.document())
        record_host(order.results, machine, replace(fingerprint, machine=machine).document())
        log = log_of(suite, "asv")
        ended, infra = canary.around(
            order.results, machine, fingerprint.epoch, lambda: _measure(suite, order, log)
        )
    exits = _judge(ended, log, screen.print)
    if infra:
        say(f"infra: the absolute times of this run are not to be believed: {infra}")
    _write(options, order, machine, str(log), ended.code, infra, exits)
    return Exit(exits[0]) if exits else Exit.OK


def _measure(suite: Suite, order: Order, log: Path) -> Ended:
    """Run asv and show how far it is."""
    with _bar() as bar:
        task = bar.add_task("building", total=100.0)
        plain = _Plain() if bar.disable else None

        def progress(percent: float, text: str) -> None:
            bar.update(task, completed=percent, description=text[:60] or "measuring")
            if plain:
                plain.tell(percent)

        return asv_run.run(suite, order, log, progress)


def _write(
    options: argparse.Namespace,
    order: Order,
    machine: str,
    log: str | None,
    code: int | None,
    infra: str,
    exits: list[int],
) -> None:
    """Write the JSON that was asked for; a dry run has no log, and no exit code of asv."""
    if options.json:
        where = {"machine": machine, "commits": order.commits, "results": str(order.results)}
        ended = {"log": log, "asv": code, "infra": infra, "exits": exits}
        write_json(options.json, {"schema": 1, **where, **ended})


def _order(options: argparse.Namespace, suite: Suite) -> Order:
    name = options.machine or str(read_fingerprint().document()["machine"])
    settings = quick(suite.root) if options.preset == "quick" else None
    default = suite.root / QUICK_RESULTS if settings else suite.results
    return Order(
        commits=options.commits,
        machine=name,
        results=(options.results or default).resolve(),
        bench=options.bench or (settings.bench if settings else ()),
        attributes=settings.attributes if settings else None,
        launch=options.launch_method,
    )


def _estimate(suite: Suite, order: Order, options: argparse.Namespace) -> str:
    """Return how many cases there are, and about how long they take once everything is built."""
    if order.bench and options.preset == "full":
        return f"benchmarks {', '.join(order.bench)}"
    try:
        found = questions(options.config)
    except PacelineError:
        return "how long it takes is not known: the suite cannot be read outside its environments"
    if options.preset == "quick":
        cases = _chosen(found, order.bench)
        return f"about {math.ceil(cases * QUICK_SECONDS_A_CASE / 60)} min for {cases} cases, quick"
    seconds = sum(_count(found, (kind,)) * cost for kind, cost in SECONDS_A_CASE.items())
    return (
        f"about {math.ceil(seconds / 60)} min for {_count(found, tuple(SECONDS_A_CASE))} cases and a commit"
    )


def _count(found: Sequence[Question], kinds: tuple[str, ...]) -> int:
    benchmarks = (one for question in found for one in question.benchmarks if one.kind in kinds)
    return sum(math.prod(map(len, one.params)) for one in benchmarks)


def _chosen(found: Sequence[Question], expressions: Sequence[str]) -> int:
    """Count the cases whose "name(parameters)" one of asv's expressions finds; all, for none."""
    names = (
        f"{one.name}({', '.join(values)})" if values else one.name
        for question in found
        for one in question.benchmarks
        if one.kind in SECONDS_A_CASE
        for values in product(*one.params)
    )
    return sum(not expressions or any(re.search(each, name) for each in expressions) for name in names)


class _Plain:
    """Where there is no terminal: a line for every fifth that is done."""

    def __init__(self) -> None:
        self._next = 20.0

    def tell(self, percent: float) -> None:
        """Print a line when the next fifth is reached."""
        if percent >= self._next:
            print(f"  {percent:.0f} %", file=sys.stderr, flush=True)
            self._next = percent + 20.0


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _judge(ended: Ended, log: Path, say: object) -> list[int]:
    """Say how asv ended; its 2 means that some cases failed, anything else that it could not go on."""
    assert callable(say)
    if ended.unbuilt:
        for line in ended.unbuilt:
            say("  " + line, markup=False)
        say(
            f"asv could not build a commit: the lines above are the last about it, all are in {log}",
            markup=False,
        )
        return [int(Exit.FAILED)]
    if ended.code == 0:
        say(f"measured; asv's own output is in {log}", markup=False)
        return []
    if ended.code == ASV_FAILED_CASES:
        say(f"some cases failed; the reasons are in {log}", markup=False)
        return [int(Exit.FAILED)]
    for line in ended.tail:
        say("  " + line, markup=False)
    say(
        f"asv ended with exit code {ended.code}: the lines above are its last, all are in {log}", markup=False
    )
    return [int(Exit.FAILED)]
