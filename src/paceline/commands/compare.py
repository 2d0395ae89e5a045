"""``paceline compare``: two commits, raced against each other; a verdict per case.

JSON (``--json``), schema 1::

    {"schema": 1, "run": "...", "machine": "...",
     "base": {"commit", "label", "subject", "environment", "python"}, "head": {...},
     "also_changed": ["numpy 2.4.1 -> 2.4.2"], "identical": false, "floor": 0.002,
     "verdicts": [{"benchmark", "kind", "params": {...}, "ratio", "low", "high", "pairs", "verdict",
                   "confirmed", "detectable", "base", "head", "answers", "reason"}],
     "exits": [1]}
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from paceline.commands._measuring import (
    Progressing,
    add_measuring,
    limits_of,
    positive,
    results_of,
    resumed,
    share,
)
from paceline.commands._waiting import wait_of
from paceline.host.lock import hold
from paceline.outcome import Exit, PacelineError, worst
from paceline.output import console, write_json
from paceline.race import between
from paceline.race.compared import Verdict
from paceline.race.driver import Effort
from paceline.race.session import Plan, session
from paceline.report import comparison
from paceline.stats.verdict import THRESHOLD
from paceline.suite import repository, slots
from paceline.suite.config import Suite, load
from paceline.suite.installed import Differences, differences
from paceline.suite.repository import Commit
from paceline.suite.slots import BuildFailedError, Built

CI_BUDGET = 600.0
WORSE = ("slower", "worse")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("base", nargs="?", metavar="BASE", help="the commit to compare with (the merge base)")
    parser.add_argument("head", nargs="?", metavar="HEAD", help="the commit in question (the working tree)")
    parser.add_argument(
        "--bench", action="append", default=[], metavar="REGEX", help="only benchmarks whose names fit"
    )
    parser.add_argument(
        "--threshold", type=share, default=THRESHOLD, metavar="2.5%", help="what counts as a change (2.5%%)"
    )
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="of measuring (none; in CI 600)")
    parser.add_argument("--seconds", type=positive, default=0.5, help="of measuring a side and pair (0.5)")
    parser.add_argument("--all", action="store_true", help="show every case, also those that are the same")
    parser.add_argument("--strict", action="store_true", help="inconclusive and unmeasured are failures, too")
    parser.add_argument("--dry-run", action="store_true", help="say what would be compared; build nothing")
    add_measuring(parser)


def run(options: argparse.Namespace) -> Exit:
    """Build both sides, race every case, and say what became slower."""
    suite = load(options.config)
    screen = console(stderr=options.json == "-")

    def say(text: str) -> None:
        screen.print(text, markup=False, soft_wrap=True)

    base, head = _commits(suite, options)
    say(f"base {base.label} {base.subject}")
    say(f"head {head.label} {head.subject}")
    if options.dry_run:
        return _dry(suite, options, say)
    log = suite.root / ".paceline" / "logs" / f"compare-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.log"
    with hold(f"paceline compare {base.label} {head.label}", wait_of(options), say):
        try:
            sides = slots.both(suite, base, head, say, log)
        except BuildFailedError as error:
            for line in error.lines:
                say("  " + line)
            raise
        found = differences(*sides)
        _judge_sides(found, say)
        if found.identical:
            return _identical(suite, options, sides, found, say)
        return _measured(suite, options, sides, found, say)


def _commits(suite: Suite, options: argparse.Namespace) -> tuple[Commit, Commit]:
    folder = suite.repository or suite.root
    base = repository.resolve(folder, options.base) if options.base else repository.merge_base(folder)
    head = repository.resolve(folder, options.head) if options.head else repository.working_tree(folder)
    return base, head


def _judge_sides(found: Differences, say: Any) -> None:
    for change in found.also_changed:
        say(f"also changed: {change}")
    if found.refused:
        told = "; ".join(found.refused)
        raise PacelineError(f"the two environments differ by what no commit asks for: {told}", Exit.FAILED)


def _measured(
    suite: Suite, options: argparse.Namespace, sides: tuple[Built, Built], found: Differences, say: Any
) -> Exit:
    results = results_of(options, suite)
    going_on = resumed(options, results, "compare")
    cases = between.matched_cases(suite, sides, options.bench)
    budget = options.budget or (CI_BUDGET if os.environ.get("CI") else None)
    settings = {
        "base": sides[0].commit.hash,
        "head": sides[1].commit.hash,
        "bench": options.bench,
        "threshold": options.threshold,
        "seconds": options.seconds,
    }
    described = {side.slot: between.described(side) for side in sides}
    plan = Plan("compare", sides[1].commit.hash, settings, described, options.seed)
    say(f"{len(cases)} cases, in pairs of fresh processes; {between.estimate(cases, options.seconds)}")
    watch = Progressing("comparing", len(cases), quiet=options.json == "-")
    with session(results, options.machine, plan, limits_of(options), going_on) as opened:
        say(f"every pair is kept in {opened.ledger.path}")
        compared = between.Comparison(
            cases, options.threshold, Effort(options.seconds, budget, answers=True), opened, watch
        )
        try:
            with watch.bar:
                compared.measure()
        finally:
            verdicts = compared.verdicts()
            _show(verdicts, options, say)
    exits = _exits(verdicts, options.strict)
    say(f"paceline show {opened.ledger.run}/CASE draws the pairs of one case")
    if options.json:
        told = {"run": opened.ledger.run, "machine": opened.machine, "floor": compared.floor}
        _write(options, sides, found, verdicts, exits, told)
    return worst(exits)


def _identical(
    suite: Suite, options: argparse.Namespace, sides: tuple[Built, Built], found: Differences, say: Any
) -> Exit:
    cases = between.matched_cases(suite, sides, options.bench)
    verdicts = [
        Verdict(case.benchmark, case.kind, case.params, "same", reason="identical build", answers="identical")
        for case in cases
    ]
    say(f"{len(cases)} cases are the same: the installed files are identical; nothing was measured")
    if options.json:
        _write(options, sides, found, verdicts, [], {})
    return Exit.OK


def _dry(suite: Suite, options: argparse.Namespace, say: Any) -> Exit:
    cases = between.cases_here(suite, sys.executable, options.bench)
    say(f"{len(cases)} cases; {between.estimate(cases, options.seconds)}, after both sides are built")
    if options.json:
        write_json(options.json, {"schema": 1, "cases": [case.name for case in cases], "exits": []})
    return Exit.OK


def _show(verdicts: Sequence[Verdict], options: argparse.Namespace, say: Any) -> None:
    made = comparison.table(verdicts, options.all)
    if made is not None:
        console(stderr=options.json == "-").print(made)
    for line in comparison.lines(verdicts, options.all):
        say(line)


def _exits(verdicts: Sequence[Verdict], strict: bool) -> list[Exit]:
    words = {one.verdict for one in verdicts if not one.both}
    exits = [Exit.SLOWER] if words & set(WORSE) else []
    failed = {"failed", "unmeasured"} | ({"inconclusive"} if strict else set())
    nothing = not any(one.verdict in between.DECIDED for one in verdicts)
    if words & failed or nothing:
        exits.append(Exit.FAILED)
    return exits


def _write(
    options: argparse.Namespace,
    sides: tuple[Built, Built],
    found: Differences,
    verdicts: Sequence[Verdict],
    exits: Sequence[Exit],
    told: dict[str, Any],
) -> None:
    ordered = sorted(verdicts, key=lambda one: one.rank)
    write_json(
        options.json,
        {
            "schema": 1,
            **told,
            **{side.slot: comparison.side(between.described(side)) for side in sides},
            "also_changed": list(found.also_changed),
            "identical": found.identical,
            "verdicts": [comparison.document(one) for one in ordered],
            "exits": [int(code) for code in exits],
        },
    )
