"""``paceline compare``: commits, raced against each other; a verdict per case. Of many: ``_several.py``.

JSON (``--json``), schema 1::

    {"schema": 1, "run": "...", "machine": "...", "ledger": "...",
     "base": {"commit", "label", "subject", "environment", "python"}, "head": {...},
     "also_changed": ["numpy 2.4.1 -> 2.4.2"], "identical": false, "threshold": 0.025, "floor": 0.002,
     "steal": 0.0, "infra": "",
     "verdicts": [{"benchmark", "kind", "params": {...}, "ratio", "low", "high", "pairs", "verdict",
                   "confirmed", "detectable", "base", "head", "answers", "accepted", "reason", "warning"}],
     "exits": [1]}

``ratio`` is head / base. Of identical builds nothing is measured: then there is no run. ``infra`` says why
what is not paired (memory, tracked numbers, absolute times) is not to be believed. A dry run has ``cases``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paceline.commands import _several
from paceline.commands._building import last_lines_told, log_of
from paceline.commands._comparing import Order, as_measured, going_on, ordered
from paceline.commands._measuring import (
    Progressing,
    add_measuring,
    budget_of,
    limits_of,
    positive,
    results_of,
    share,
)
from paceline.commands._telling import Ended, Screen, Task, conclude, judged, write
from paceline.commands._waiting import wait_of
from paceline.host.lock import hold
from paceline.host.steal import read_ticks, steal_share
from paceline.outcome import Exit, PacelineError, complain, what_the_system_refuses, worst
from paceline.output import console, write_json
from paceline.race import between, commits, pages, screening
from paceline.race.commits import Matched
from paceline.race.compared import FAIL_ON, Verdict, exits
from paceline.race.driver import Effort
from paceline.race.session import Session, session
from paceline.race.waivers import parsed, waived
from paceline.suite import chosen, slots, trailers
from paceline.suite.config import Suite, load
from paceline.suite.installed import differences
from paceline.suite.settings import comparing
from paceline.suite.slots import Built
from paceline.suite.undeclared import advice

INTERPRETERS = ".paceline/env/*/*/bin/python"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("base", nargs="?", metavar="BASE", help="the commit to compare with (the merge base)")
    parser.add_argument("head", nargs="?", metavar="HEAD", help="the commit in question (the working tree)")
    parser.add_argument(
        "more", nargs="*", metavar="MORE", help="further commits, all raced against BASE in one go"
    )
    parser.add_argument(
        "--markdown", type=Path, metavar="FILE", help="write what has changed as Markdown, for release notes"
    )
    for side in ("base", "head"):
        parser.add_argument(
            f"--{side}-env",
            metavar="ENV",
            help=f"instead of commits: an interpreter, or requirements (numpy==2.3), for {side}",
        )
    parser.add_argument(
        "--bench", action="append", default=[], metavar="REGEX", help="only benchmarks whose names fit"
    )
    parser.add_argument("--threshold", type=share, metavar="2.5%", help="what counts as a change (2.5%%)")
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="of measuring (none; in CI 600)")
    parser.add_argument("--seconds", type=positive, help="of measuring a side and pair (0.5)")
    parser.add_argument(
        "--screen",
        choices=("auto", "always", "never"),
        default="auto",
        help="cheap pairs first, then races where needed"
        f" (auto: from {screening.MANY} cases on, or when races cost more than the budget)",
    )
    parser.add_argument("--all", action="store_true", help="show every case, also those that are the same")
    parser.add_argument("--strict", action="store_true", help="inconclusive is a failure, too")
    parser.add_argument(
        "--fail-on-changed-answers",
        nargs="?",
        const=0.0,
        type=share,
        metavar="RTOL",
        help="exit with 4 when a case returns something else in head (RTOL: by more than that)",
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be compared; build nothing")
    add_measuring(parser)


def run(options: argparse.Namespace) -> Exit:
    """Build both sides, race every case, and say what became slower."""
    suite = load(options.config)
    results = results_of(options, suite)
    earlier = going_on(options, results)
    order = ordered(options, suite, earlier)
    screen = Screen(console(stderr=options.json == "-"))
    for side, title in zip(("base", "head", *["head"] * len(order.more)), order.titles, strict=True):
        screen.say(f"{side} {title}")
    if order.more:
        return _several.run(screen, suite, order, options, results, earlier)
    if options.dry_run:
        return _rehearse(screen, suite, order, options)
    with hold(
        f"paceline compare {' '.join(order.environments or (order.base.label, order.head.label))}",
        wait_of(options),
        screen.say,
    ):
        sides = _built(screen, suite, order)
        found = (chosen.differences if order.environments else differences)(*sides)
        judged(screen, sides, found)
        folder = suite.repository or suite.root
        lines = [] if order.environments else trailers.accepted(folder, order.base.hash, order.head.hash)
        waivers = parsed(lines)
        settings = comparing(suite.root)
        task = Task(suite, order, sides, found, earlier, results, options, settings, waivers)
        return _identical(screen, task) if found.identical else _play(screen, task)


def _built(screen: Screen, suite: Suite, order: Order) -> tuple[Built, Built]:
    """Build both sides; of a commit that cannot be built the compiler's last lines are shown."""
    if order.environments:
        base, head = map(chosen.chosen, order.environments)
        here = order.head
        return (
            chosen.prepared(suite, base, "base", here, screen.say),
            chosen.prepared(suite, head, "head", here, screen.say),
        )
    with last_lines_told(screen.say):
        return slots.both(suite, order.base, order.head, screen.say, log_of(suite, "compare"))


def _play(screen: Screen, task: Task) -> Exit:
    """Measure, and show what there is however it ends."""
    options, order, earlier = task.options, task.order, task.earlier
    if earlier:
        as_measured(earlier, task.sides)
    cases = between.matched_cases(task.suite, task.sides, order.bench, screen.say)
    effort = Effort(order.seconds, budget_of(options), answers=True, cores=True)
    sift = _sifts(cases, options, effort)
    screen.say(f"{len(cases)} cases, in pairs of fresh processes; {_estimate(cases, order.seconds, sift)}")
    watch = Progressing("comparing", commits.counted(cases), quiet=options.json == "-")
    where = (
        (earlier.results, options.machine or earlier.machine) if earlier else (task.results, options.machine)
    )
    for side in task.sides:
        pages.forget(side.python)
    compared: between.Comparison | None = None
    ended: BaseException | None = None
    whole, ticks = False, read_ticks()
    try:
        with (
            what_the_system_refuses(),
            session(*where, task.plan(), limits_of(options), earlier.path if earlier else None) as opened,
        ):
            screen.say(f"every pair is kept in {opened.ledger.path}")
            if any(record.get("kind") == "pair" for record in opened.before):
                sift = screening.begun(opened.before)  # else what was measured would have no place
            ways = (order.threshold_of, effort, opened, watch, task.settings, sift)
            compared = between.Comparison(cases, *ways)
            with watch.bar:
                compared.measure()
            whole = True
    except (KeyboardInterrupt, SystemExit) as error:
        ended = error
        raise
    except PacelineError as error:
        ended = error
        if compared is None:
            raise
        complain(error)  # what was found before tells how to leave
    finally:
        if compared and (whole or ended):
            told = _facts(opened, compared.floor, steal_share(ticks, read_ticks()))
            verdicts = waived(compared.verdicts(), task.waivers)
            fail_on = FAIL_ON if task.settings.fail_on is None else task.settings.fail_on
            found = exits(verdicts, options.strict, fail_on, options.fail_on_changed_answers)
            codes = [*([_code(ended)] if ended else []), *found]
            for line in {advice(one.reason, task.suite.project): None for one in verdicts}:
                if line:
                    screen.say(line)
            conclude(screen, task, Ended(verdicts, codes, told))
    return worst(codes)


def _facts(opened: Session, floor: float, steal: float | None) -> dict[str, Any]:
    """Return what is told of the session, beside the verdicts."""
    return {
        "run": opened.ledger.run,
        "machine": opened.machine,
        "ledger": str(opened.ledger.path),
        "floor": floor,
        "steal": steal,
        "infra": opened.infra,
    }


def _identical(screen: Screen, task: Task) -> Exit:
    """Say that every case is the same, without measuring."""
    cases = between.matched_cases(task.suite, task.sides, task.order.bench, screen.say)
    verdicts = [
        Verdict(case.benchmark, case.kind, case.params, "same", reason="identical build", answers="identical")
        for case in cases
    ]
    screen.say(f"{len(cases)} same (identical build): the installed files are equal; nothing was measured")
    write(task, Ended(verdicts, []))
    return Exit.OK


def _rehearse(screen: Screen, suite: Suite, order: Order, options: argparse.Namespace) -> Exit:
    """Say what would be compared; an environment that was built before knows more than our own."""
    built = sorted(suite.root.glob(INTERPRETERS))
    names: list[str] | None = None
    for python in (*map(str, built), sys.executable):
        try:
            cases = between.cases_here(suite, python, order.bench)
        except PacelineError as error:
            if error.code == Exit.USAGE:
                raise
            told = f"how many cases there are is known once both sides are built: here {error}"
            continue
        effort = Effort(order.seconds, budget_of(options))
        price = _estimate(cases, order.seconds, _sifts(cases, options, effort))
        told = f"{len(cases)} cases; {price}, after both sides are built"
        names = [case.name for case in cases]
        break
    screen.say(told)
    screen.say("a dry run: nothing was built or measured")
    if options.json:
        write_json(options.json, {"schema": 1, "dry_run": True, "cases": names, "exits": []})
    return Exit.OK


def _sifts(cases: Sequence[Matched], options: argparse.Namespace, effort: Effort) -> bool:
    """Tell whether the cases are screened first: when they are many, or more than the budget can race."""
    if options.screen != "auto":
        return bool(options.screen == "always")
    paired = [case for case in cases if case.kind in commits.PAIRED]
    dear = effort.budget is not None and commits.price(paired, effort.seconds) > effort.budget
    return dear or commits.counted(paired) >= screening.MANY


def _estimate(cases: Sequence[Matched], seconds: float, sift: bool) -> str:
    return screening.estimate(cases, seconds) if sift else commits.estimate(cases, seconds)


def _code(error: BaseException) -> Exit:
    if isinstance(error, PacelineError):
        return error.code
    return Exit.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Exit.TERMINATED
