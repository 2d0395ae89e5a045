"""``paceline selftest``: the harness measured with itself.

JSON (``--json``), schema 1::

    {"schema": 1, "run": "...", "machine": "...", "busy": 0, "trials": 300,
     "aa": {"verdicts", "false_alarms", "upper95", "faster", "suspected"},
     "power": [{"slowdown": 0.05, "threshold", "kind", "trials", "detected", "lower95"}],
     "kinds": [{"kind", "threshold", "trials", "sd", "off", "seconds_when_same", "seconds_when_slower"}],
     "seconds_per_verdict": {"same", "slower"}, "missed": [], "exits": []}
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

from paceline.commands._measuring import (
    Progressing,
    add_measuring,
    as_before,
    limits_of,
    positive,
    resumed,
)
from paceline.commands._waiting import wait_of
from paceline.host.lock import hold
from paceline.outcome import Exit
from paceline.output import console, write_file, write_json
from paceline.race import selftest
from paceline.race.driver import Effort, Run
from paceline.race.session import Plan, Session, session
from paceline.race.tally import Terms
from paceline.report import trust
from paceline.results.ledger import read

TOGETHER = 8  # trials whose pairs are spread over one another
SPIN = "while True: pass"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument(
        "--trials", type=int, default=24, metavar="N", help="races in all (24: about 10 minutes)"
    )
    parser.add_argument("--hours", type=positive, metavar="H", help="begin no more trials after so long")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="run N busy loops beside it")
    parser.add_argument(
        "--seconds",
        type=positive,
        default=0.4,
        help="of measuring an arm and pair, at most (0.4)",
        metavar="S",
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as Markdown")
    add_measuring(parser)


def run(options: argparse.Namespace) -> Exit:
    """Run the trials that are missing, and say what all of them show."""
    screen = console(stderr=options.json == "-")
    results = (options.results or Path("results")).resolve()
    going_on = resumed(options, results, "selftest")
    settings = {"busy": options.busy, "seconds": options.seconds, "looks": list(Terms().looks)}
    if going_on:
        as_before(going_on, settings)
    plan = Plan("selftest", "", settings, {"here": {"python": sys.version}}, options.seed)
    with (
        hold(f"paceline selftest --trials {options.trials}", wait_of(options), screen.print),
        session(results, options.machine, plan, limits_of(options), going_on) as opened,
    ):
        screen.print(f"selftest into {opened.ledger.path}", markup=False, soft_wrap=True)
        try:
            with _busy(options.busy):
                _trials(options, opened)
        finally:
            records = read(opened.ledger.path).records
            found = selftest.rows(records)
            for line in trust.lines(found):
                screen.print(line, markup=False, soft_wrap=True)
    records = read(opened.ledger.path).records
    if options.report:
        write_file(options.report, trust.markdown(found, records).encode())
    missed = selftest.missed(found)
    exits = [Exit.SELFTEST_MISSED] if missed else []
    exits += [Exit.FAILED] if not any(row.trials for row in found) else []
    if options.json:
        write_json(options.json, _document(opened, options.busy, found, missed, exits))
    return exits[-1] if exits else Exit.OK


def _trials(options: argparse.Namespace, opened: Session) -> None:
    """Run what is missing, a few trials at a time, whose pairs are spread over one another."""
    end = time.monotonic() + (options.hours * 3600 if options.hours else math.inf)
    before = list(opened.before)
    done = selftest.finished(before)
    watch = Progressing("trials", options.trials, quiet=options.json == "-")
    with watch.bar:
        for start in range(0, options.trials, TOGETHER):
            numbers = range(start, min(start + TOGETHER, options.trials))
            if all(number in done for number in numbers):
                continue
            if time.monotonic() >= end:
                return
            races = selftest.trials(numbers, sys.executable)
            effort = Effort(options.seconds)  # no budget: a trial that is cut short would count as missed
            driven = Run(races, Terms(), effort, opened.ground, opened.ledger.write, watch)
            driven.replay(before)
            driven.measure()


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """Keep so many processors busy; they end with us."""
    loops = [subprocess.Popen([sys.executable, "-c", SPIN], stdin=subprocess.DEVNULL) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            with suppress(ProcessLookupError):
                loop.kill()
            loop.wait()


def _document(
    opened: Session, busy: int, found: Sequence[selftest.Row], missed: Sequence[str], exits: Sequence[Exit]
) -> dict[str, Any]:
    alarms = selftest.total(found, selftest.AGAIN)
    return {
        "schema": 1,
        "run": opened.ledger.run,
        "machine": opened.machine,
        "busy": busy,
        "trials": sum(row.trials for row in found),
        "aa": {
            "verdicts": alarms.trials,
            "false_alarms": alarms.found,
            "upper95": alarms.upper95,
            "faster": sum(row.faster.found for row in found),
            "suspected": sum(row.suspected.found for row in found),
        },
        "power": [_power(row, arm) for row in found for arm in row.kind.arms if arm != selftest.AGAIN],
        "kinds": [
            {
                "kind": row.kind.name,
                "threshold": row.kind.threshold,
                "trials": row.trials,
                "sd": row.spread,
                "off": row.off,
                "seconds_when_same": row.quiet_seconds,
                "seconds_when_slower": row.flagged_seconds,
            }
            for row in found
        ],
        "seconds_per_verdict": {
            "same": _middle([row.quiet_seconds for row in found]),
            "slower": _middle([row.flagged_seconds for row in found]),
        },
        "missed": list(missed),
        "exits": [int(code) for code in exits],
    }


def _power(row: selftest.Row, arm: str) -> dict[str, Any]:
    rate = row.rates[arm]
    return {
        "slowdown": float(arm.strip("+ %")) / 100,
        "threshold": row.kind.threshold,
        "kind": row.kind.name,
        "trials": rate.trials,
        "detected": rate.found,
        "lower95": rate.lower95,
    }


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
