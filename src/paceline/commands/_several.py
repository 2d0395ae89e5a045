"""``paceline compare A B C``: many commits in one go, all against the first; Markdown for release notes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paceline.commands._building import last_lines_told, log_of
from paceline.commands._comparing import Earlier, Order, as_measured, repeated
from paceline.commands._measuring import Progressing, budget_of, limits_of
from paceline.commands._telling import Screen, judged
from paceline.commands._waiting import wait_of
from paceline.host.lock import hold
from paceline.outcome import Exit, PacelineError, complain, what_the_system_refuses, worst
from paceline.output import write_file, write_json
from paceline.race import between, commits, pages
from paceline.race.commits import Matched
from paceline.race.compared import FAIL_ON, Verdict, exits
from paceline.race.driver import Effort
from paceline.race.session import Plan, Session, session
from paceline.race.several import Several, steps
from paceline.race.waivers import parsed, waived
from paceline.report import comparison, releases
from paceline.report.releases import Column, Releases
from paceline.stats.ratio import Ratio
from paceline.suite import slots, trailers
from paceline.suite.config import Suite
from paceline.suite.installed import Differences, differences
from paceline.suite.settings import comparing
from paceline.suite.slots import Built

SAME = "identical build"


@dataclass(frozen=True)
class Task:
    """Commits that are built, and what is asked about them; the base is the first."""

    suite: Suite
    order: Order
    sides: tuple[Built, ...]
    found: Mapping[str, Differences]  # by the heads' slots
    earlier: Earlier | None
    results: Path
    options: argparse.Namespace

    @property
    def plan(self) -> Plan:
        """What the ledger says of this run."""
        described = {side.slot: between.described(side) for side in self.sides}
        last = self.sides[-1].commit.hash
        return Plan("releases", last, self.order.settings, described, self.options.seed)


def run(
    screen: Screen,
    suite: Suite,
    order: Order,
    options: argparse.Namespace,
    results: Path,
    earlier: Earlier | None,
) -> Exit:
    """Build all commits, race every case, and say what has changed since the first."""
    if options.dry_run:
        return _rehearse(screen, suite, order, options)
    named = [one.label for one in order.commits]
    with hold(f"paceline compare {' '.join(named)}", wait_of(options), screen.say):
        sides = _built(screen, suite, order)
        found = {side.slot: differences(sides[0], side) for side in sides[1:]}
        for side in sides[1:]:
            judged(screen, (sides[0], side), found[side.slot], f"{side.commit.label}: ")
        task = Task(suite, order, sides, found, earlier, results, options)
        return _play(screen, task)


def _built(screen: Screen, suite: Suite, order: Order) -> tuple[Built, ...]:
    with last_lines_told(screen.say):
        return slots.several(suite, order.commits, screen.say, log_of(suite, "compare"))


def _play(screen: Screen, task: Task) -> Exit:
    """Measure, and show what there is however it ends."""
    options, order, earlier = task.options, task.order, task.earlier
    if earlier:
        as_measured(earlier, task.sides)
    cases = _cases(screen, task)
    raced = {slot: own for slot, own in cases.items() if not task.found[slot].identical}
    settings = comparing(task.suite.root)
    effort = Effort(order.seconds, budget_of(options), answers=True, cores=True)
    where = (
        (earlier.results, options.machine or earlier.machine) if earlier else (task.results, options.machine)
    )
    for side in task.sides:
        pages.forget(side.python)
    several: Several | None = None
    ended: BaseException | None = None
    whole = False
    try:
        with (
            what_the_system_refuses(),
            session(*where, task.plan, limits_of(options), earlier.path if earlier else None) as opened,
        ):
            watch = Progressing("comparing", 1, quiet=options.json == "-")
            several = Several(raced, order.threshold_of, effort, opened, watch, settings)
            watch.expect(several.races)
            screen.say(
                f"{several.races} races of {len(task.sides)} commits; {_estimate(raced, order.seconds)}"
            )
            screen.say(f"every pair is kept in {opened.ledger.path}")
            with watch.bar:
                several.measure()
            whole = True
    except (KeyboardInterrupt, SystemExit) as error:
        ended = error
        raise
    except PacelineError as error:
        ended = error
        if several is None:
            raise
        complain(error)  # what was found before tells how to leave
    finally:
        if several and (whole or ended):
            found = _verdicts(task, cases, several)
            fail_on = FAIL_ON if settings.fail_on is None else settings.fail_on
            within = options.fail_on_changed_answers
            every = [one for own in found.values() for one in own]
            codes = [*_stopped(ended), *exits(every, options.strict, fail_on, within)]
            _conclude(screen, task, found, opened, codes, several.floor)
    return worst(codes)


def _cases(screen: Screen, task: Task) -> dict[str, list[Matched]]:
    base = task.sides[0]
    return {
        side.slot: between.matched_cases(task.suite, (base, side), task.order.bench, screen.say)
        for side in task.sides[1:]
    }


def _verdicts(
    task: Task, cases: Mapping[str, Sequence[Matched]], several: Several
) -> dict[str, list[Verdict]]:
    """Return every head's verdicts; those of identical builds need no measuring."""
    measured = several.verdicts()
    folder = task.suite.repository or task.suite.root
    found = {}
    for side in task.sides[1:]:
        own = measured.get(side.slot) or [
            Verdict(one.benchmark, one.kind, one.params, "same", ratio=1.0, reason=SAME, answers="identical")
            for one in cases[side.slot]
        ]
        lines = trailers.accepted(folder, task.sides[0].commit.hash, side.commit.hash)
        found[side.slot] = waived(own, parsed(lines))
    return found


def _conclude(
    screen: Screen,
    task: Task,
    found: Mapping[str, Sequence[Verdict]],
    opened: Session,
    codes: Sequence[Exit],
    floor: float,
) -> None:
    """Show what was found, say what to do next, and write the documents that were asked for."""
    options = task.options
    since = steps(found)
    columns = [_column(side, found[side.slot], since[side.slot], task) for side in task.sides[1:]]
    base, host = task.sides[0].commit, opened.host
    again = repeated(options, task.order)
    told = Releases(base.label, base.subject, columns, str(host.get("cpu") or ""), again)
    made = releases.table(told, options.all)
    if made is not None:
        screen.out.print(made)
    for line in releases.lines(told, options.all):
        screen.say(line)
    if options.markdown:
        write_file(options.markdown, releases.document(told).encode())
        screen.say(f"for release notes: {options.markdown}")
    left = any(one.unsettled for own in found.values() for one in own)
    run = opened.ledger.run
    screen.say(f"Next: paceline {f'compare --resume {run}' if left else f'show {run}'}")
    if options.json:
        facts = {"run": run, "machine": opened.machine, "ledger": str(opened.ledger.path), "floor": floor}
        write_json(options.json, {**_document(task, found, since, codes), **facts, "infra": opened.infra})


def _column(side: Built, verdicts: Sequence[Verdict], since: Mapping[str, Ratio], task: Task) -> Column:
    also = task.found[side.slot].also_changed
    return Column(side.commit.label, side.commit.subject, releases.named(verdicts), since, also)


def _document(
    task: Task,
    found: Mapping[str, Sequence[Verdict]],
    since: Mapping[str, Mapping[str, Ratio]],
    codes: Sequence[Exit],
) -> dict[str, Any]:
    heads = [
        {
            "slot": side.slot,
            **comparison.side(between.described(side)),
            "also_changed": list(task.found[side.slot].also_changed),
            "identical": task.found[side.slot].identical,
        }
        for side in task.sides[1:]
    ]
    verdicts = [
        {"slot": slot, **comparison.document(one), "step": _step(since[slot].get(one.name), one)}
        for slot, own in found.items()
        for one in sorted(own, key=lambda one: one.rank)
    ]
    base = comparison.side(between.described(task.sides[0]))
    threshold, exits_ = task.order.threshold, [int(code) for code in codes]
    return {
        "schema": 1,
        "base": base,
        "heads": heads,
        "threshold": threshold,
        "verdicts": verdicts,
        "exits": exits_,
    }


def _step(ratio: Ratio | None, one: Verdict) -> dict[str, float | None] | None:
    if ratio is None or one.kind not in commits.PAIRED:
        return None
    return {"ratio": ratio.value, "low": ratio.low, "high": ratio.high}


def _rehearse(screen: Screen, suite: Suite, order: Order, options: argparse.Namespace) -> Exit:
    """Say what would be compared, as our own interpreter has it; nothing is built."""
    names: list[str] | None = None
    try:
        cases = between.cases_here(suite, sys.executable, order.bench)
        names = [case.name for case in cases]
        heads = {one.hash: cases for one in order.commits[1:]}
        screen.say(f"{len(names)} cases of {len(order.commits)} commits; {_estimate(heads, order.seconds)}")
    except PacelineError as error:
        if error.code == Exit.USAGE:
            raise
        screen.say(f"how many cases there are is known once the commits are built: here {error}")
    screen.say("a dry run: nothing was built or measured")
    if options.json:
        write_json(options.json, {"schema": 1, "dry_run": True, "cases": names, "exits": []})
    return Exit.OK


def _estimate(cases: Mapping[str, Sequence[Matched]], seconds: float) -> str:
    """Return about how long it takes: one more head costs what a side costs."""
    every = [case for own in cases.values() for case in own]
    return commits.estimate(every, seconds) if every else "nothing is measured"


def _stopped(error: BaseException | None) -> list[Exit]:
    if isinstance(error, PacelineError):
        return [error.code]
    if error is None:
        return []
    return [Exit.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Exit.TERMINATED]
