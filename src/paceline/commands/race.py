"""``paceline race``: implementations, or other values of a parameter, against a baseline, by size.

JSON (``--json``), schema 1::

    {"schema": 1, "run": "...", "machine": "...", "commit": "1a2b3c4d+dirty", "ledger": "...",
     "preset": "full", "across": "implementation",
     "environments": {"2.4": {"environment", "python", "also_changed": []}}, "identical": [],
     "races": [{"race", "model", "benchmark", "axes": {"n": 3650}, "baseline", "baseline_status",
                "baseline_reason", "baseline_seconds", "threshold", "floor", "setup_before_every_call",
                "contenders": [{"implementation", "name", "status", "seconds", "ratio", "low", "high",
                                "verdict", "pairs", "reason", "spread", "detectable", "answers", "note",
                                "warning"}]}],
     "host": {...}, "infra": "", "exits": []}

``ratio`` is time / time of the baseline, below 1 is faster. ``answers``: agrees, by the class's own
``agreement``; else identical, "max rel 1e-12", changed or unchecked, of what the timed calls returned.
``environments`` are those that race (``--across req:numpy``); ``also_changed`` is what differs from the
baseline's. ``infra`` says why the absolute times are not to be believed. A dry run has ``dry_run``, ``pairs``
and ``minutes`` instead of results.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.console import Console

from paceline.commands import _raced, _varying
from paceline.commands._driving import Driven, Field
from paceline.commands._measuring import add_measuring, limits_of, positive, share
from paceline.commands._ordering import Earlier, going_on, ordered, results_folder, same_code
from paceline.commands._waiting import wait_of
from paceline.host.lock import hold
from paceline.outcome import Exit, PacelineError, complain, what_the_system_refuses, worst
from paceline.output import console, write_file, write_json
from paceline.race.contenders import Place
from paceline.race.order import FULL, QUICK, TERMS, Order, minutes
from paceline.race.session import Plan, session
from paceline.report import race_document, race_screen
from paceline.report.races import Outcome, by_model
from paceline.suite.config import Suite, load
from paceline.suite.discover import questions_here
from paceline.suite.questions import Question, matching
from paceline.suite.repository import Checkout, checkout, here
from paceline.suite.variants import variants

PACKAGES = ("numpy", "numba", "scipy", "asv_runner")
MOST_LINES = 40  # where there is no terminal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    parser.add_argument("models", nargs="*", metavar="MODEL", help="models to race; all, when none is named")
    parser.add_argument(
        "--across",
        action="append",
        metavar="WHAT",
        help="whose values race: a parameter (implementation), or what environments differ in:"
        " env:NAME=A,B (built with), env_nobuild:NAME=A,B, req:numpy=2.3,2.4, python=3.11,3.12;"
        " without values those of asv's matrix; variables may be repeated and go together",
    )
    parser.add_argument(
        "--with-project",
        action="store_true",
        help="with req:, build the project once and install it beside each version",
    )
    parser.add_argument(
        "--only", action="append", default=[], metavar="REGEX", help="only races whose names fit"
    )
    parser.add_argument("--baseline", metavar="NAME", help="the value that the others are divided by")
    parser.add_argument(
        "--n", action="append", default=[], metavar="SIZE", help="only this size; may be repeated"
    )
    parser.add_argument("--preset", choices=(QUICK, FULL), default=FULL, help="quick: 4 short pairs (full)")
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="of measuring; then stop")
    parser.add_argument("--threshold", type=share, metavar="2.5%", help="what counts as a difference (2.5%%)")
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be raced, and how long it takes"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write what was found as Markdown, too")
    parser.add_argument("--strict", action="store_true", help="leave with 3 when something is inconclusive")
    add_measuring(parser)


def run(options: argparse.Namespace) -> Exit:
    """Check, race, show what was found, and say how it went."""
    suite = load(options.config)
    earlier = going_on(options, suite)
    order = ordered(options, suite, earlier)
    screen = _Screen(console(stderr=options.json == "-"))
    tree = checkout(suite.root, suite.written)
    if earlier:
        same_code(earlier, tree, _here(suite, tree))
    if order.variations:
        return _vary(screen, suite, order, tree, options, earlier)
    found = questions_here(options.config)
    chosen = matching(found, order.models)
    races = order.races(chosen, Place("here", sys.executable, suite.benchmarks))
    field = Field(suite, order, found, races, tree)
    _announce(screen, field, chosen)
    if options.dry_run:
        return _rehearse(screen, field, options.json)
    with hold(" ".join(["paceline race", *order.models]), wait_of(options), screen.say):
        return _play(screen, field, options, earlier)


def _vary(
    screen: _Screen,
    suite: Suite,
    order: Order,
    tree: Checkout,
    options: argparse.Namespace,
    earlier: Earlier | None,
) -> Exit:
    """Race environments that differ in one thing: made or built first, and refused where more differs."""
    told = variants(suite, order.variations)
    screen.say(f"environments: {'; '.join(one.name for one in told)}")
    if options.dry_run:
        field = _varying.planned(suite, order, told, tree)
        _announce(screen, field, [])
        return _rehearse(screen, field, options.json)
    with hold(f"paceline race --across {order.across}", wait_of(options), screen.say):
        field = _varying.field(suite, order, told, tree, screen.say)
        if earlier:
            _varying.as_measured(earlier, field.varied)
        _announce(screen, field, [])
        return _play(screen, field, options, earlier)


class _Screen:
    """Where lines are printed, and counted."""

    def __init__(self, out: Console) -> None:
        self.out, self.lines = out, 0

    def say(self, text: str) -> None:
        """Print a line."""
        self.lines += 1
        self.out.print(text, markup=False, soft_wrap=True)

    def left(self, kept: int) -> int | None:
        """Return how many lines may follow, ``kept`` of them for later; None for as many as there are."""
        return None if self.out.is_terminal else max(1, MOST_LINES - self.lines - kept)


def _announce(screen: _Screen, field: Field, chosen: Sequence[Question]) -> None:
    """Say what will be raced, and which of the chosen questions will not."""
    races = field.races
    counts = (
        _count(len({race.shown for race in races}), "model"),
        _count(len(races), "case"),
        _count(sum(len(race.contenders) for race in races), "contender"),
    )
    least, longest = map(math.ceil, _minutes(field))
    span = f"{least}" if least == longest else f"{least} to {longest}"
    what = f"across {field.order.across}" if field.order.variations else f"with {sys.executable}"
    screen.say(
        f"racing {', '.join(counts)}, preset {field.order.preset}: about {span} min; "
        f"at {field.tree.label}, {what}"
    )
    raced = {race.baseline.benchmark for race in races}
    left = [one.shown for one in chosen if _timed(one) and not _timed(one) & raced]
    if left and not field.order.only:
        more = f" and {len(left) - 6} more" if len(left) > 6 else ""
        screen.say(f"not raced, for want of contenders or baseline: {', '.join(left[:6])}{more}")


def _rehearse(screen: _Screen, field: Field, json: str | None) -> Exit:
    """Say what would be raced, model by model."""
    looks = TERMS[field.order.preset].looks
    groups = by_model([Outcome(race, (), 0.0) for race in field.races])
    most = screen.left(2) or len(groups)
    for own in groups[:most]:
        race = own[0].race
        names = ", ".join(one.name for one in race.contenders)
        told = f" at {'; '.join(one.at for one in own)}" if own[0].at else ""
        screen.say(f"  {race.shown}{told}: {names} against {race.baseline.name}")
    if len(groups) > most:
        screen.say(f"  and {len(groups) - most} more models")
    pairs = str(looks[0]) if len(looks) == 1 else f"{looks[0]} to {looks[-1]}"
    screen.say(f"{pairs} pairs of each; a dry run: nothing was measured")
    if json:
        told_too = {"dry_run": True, "pairs": list(looks), "minutes": list(_minutes(field)), "exits": []}
        write_json(json, {"schema": 1, **told_too, "races": race_document.planned(field.races)})
    return Exit.OK


def _play(screen: _Screen, field: Field, options: argparse.Namespace, earlier: Earlier | None) -> Exit:
    """Measure, and show what there is however it ends."""
    results = earlier.path.parents[2] if earlier else results_folder(options, field.suite, field.order)
    sides = {"here": _here(field.suite, field.tree), **_varying.described(field.varied)}
    plan = Plan("race", field.tree.commit, field.order.settings, sides, options.seed)
    driven: Driven | None = None
    ended: BaseException | None = None
    try:
        with (
            what_the_system_refuses(),
            session(
                results, field.order.machine, plan, limits_of(options), earlier.path if earlier else None
            ) as opened,
        ):
            screen.say(f"ledger: {opened.ledger.path}")
            driven = Driven(field, opened, earlier, options.budget)
            driven.measure(results)
    except (KeyboardInterrupt, SystemExit) as error:
        ended = error
        raise
    except PacelineError as error:
        ended = error
        if driven is None:
            raise
        complain(error)  # what was found before tells how to leave
    finally:
        if driven and (ended or driven.whole):
            exits = _conclude(screen, driven, options, ended)
    return worst(exits)


def _conclude(
    screen: _Screen, driven: Driven, options: argparse.Namespace, ended: BaseException | None
) -> list[Exit]:
    """Show what was found, say what to do next, and write the JSON that was asked for."""
    outcomes = driven.outcomes()
    exits = race_document.exits(outcomes, options.strict)
    if ended:
        exits = [_code(ended), *exits]
    screen.lines += driven.watch.lines
    for part in race_screen.closing(outcomes, screen.out.width, screen.left(3)):
        if isinstance(part, str):
            screen.say(part)
        else:
            screen.out.print(part)
    if driven.opened.infra:
        screen.say(f"infra: the absolute times are not to be believed: {driven.opened.infra}")
    screen.say(f"Next: {_raced.following(driven, outcomes, ended)}")
    if options.markdown:
        write_file(options.markdown, _raced.written(driven, outcomes).encode())
        screen.say(f"as Markdown: {options.markdown}")
    if options.json:
        write_json(options.json, _raced.document(driven, outcomes, exits))
    return exits


def _here(suite: Suite, tree: Checkout) -> dict[str, Any]:
    """Describe the interpreter that runs paceline, and the files, for the ledger."""
    packages = {}
    for name in PACKAGES:
        try:
            packages[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    told = {"commit": tree.commit, "dirty": tree.dirty, "tree": _files(suite, tree), "environment": "here"}
    return {**told, "python": sys.version, "packages": packages}


def _files(suite: Suite, tree: Checkout) -> str:
    """Return git's name for the files as they are; nothing where it cannot make one."""
    try:
        return here(suite.root, suite.written).tree if tree.commit else ""
    except PacelineError:
        return ""


def _minutes(field: Field) -> tuple[float, float]:
    return minutes(field.races, field.order.preset, sum(len(one.cases) for one in field.checks))


def _timed(question: Question) -> set[str]:
    return {one.name for one in question.benchmarks if one.kind == "time"}


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _code(error: BaseException) -> Exit:
    if isinstance(error, PacelineError):
        return error.code
    return Exit.INTERRUPTED if isinstance(error, KeyboardInterrupt) else Exit.TERMINATED
