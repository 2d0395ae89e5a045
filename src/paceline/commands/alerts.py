"""``paceline alerts``: what became slower on the branch, and what is done about it.

``update`` reads the ledgers of comparisons, moves every alert on, and tells those who are configured in
``paceline.toml``; with ``--race`` it also races and bisects what is open. ``list`` and ``show`` print;
``ack``, ``accept`` and ``invalid`` settle an alert. 1 is left with while alerts are open. ``tell`` makes of a
comparison what a pull request shows; ``keep`` puts ``results/`` on a branch of its own.

JSON (``--json``), schema 1::

    {"schema": 1, "open": 1, "precision": {"right", "told"},
     "alerts": [{"fingerprint", "benchmark", "contender": {...}, "metric", "direction", "state", "case",
                 "cases": [], "good", "bad", "culprit", "subject", "author", "ratio", "low", "high", "pairs",
                 "run", "cpu", "creep", "opened", "expires", "reason", "episode", "told", "fixed_by",
                 "counted": [], "events": [{"utc", "what"}]}],
     "wishes": [{"case", "why", "command": []}],
     "deliveries": [{"sink", "alerts": [], "how", "reason"}], "warnings": [], "exits": [1]}

``wishes``, ``deliveries`` and ``warnings`` are those of an update.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from paceline.alerts import pull_request, sticky, store, telling, times, verdicts
from paceline.alerts.alert import LIVE, OPEN, Alert, State
from paceline.alerts.life import ACCEPTED_DAYS
from paceline.alerts.sinks import json as documents
from paceline.alerts.sinks import terminal
from paceline.commands import _orphan
from paceline.commands._measuring import positive
from paceline.commands._updating import Say, Update, document, racer
from paceline.escape import plain
from paceline.outcome import Exit, PacelineError, worst
from paceline.output import console, write_file, write_json
from paceline.suite.config import Suite, load

TELL, KEEP = "tell", "keep"
ACTIONS = {
    "update": "read what was measured, move alerts on, tell whom they concern",
    "list": "the open alerts (--all: every one)",
    "show": "one alert, with its events",
    "ack": "somebody looks into it",
    "accept": "known and wanted: the slower level is the new one (--reason; --until, 180 days)",
    "invalid": "it was noise; counts against the precision (--reason)",
    TELL: "what `compare --json` wrote (FILE), for a pull request (--to)",
    KEEP: "results/ to an orphan branch of a remote (origin): committed, rebased, pushed",
}
FAILED = ("failed", "unknown")
MOST_WARNINGS = 6


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    told = "; ".join(f"{name}: {what}" for name, what in ACTIONS.items())
    parser.add_argument("action", choices=ACTIONS, metavar="ACTION", help=told.replace("%", "%%"))
    parser.add_argument("alert", nargs="*", metavar="ALERT", help="fingerprints, or beginnings; or FILE")
    parser.add_argument("--reason", metavar="TEXT", help="why: with ack, accept and invalid")
    parser.add_argument("--until", metavar="DATE", help="until when it is accepted (180 days from now)")
    parser.add_argument("--race", action="store_true", help="update: race and bisect what is open")
    parser.add_argument("--budget", type=positive, metavar="SECONDS", help="update: of racing (none)")
    parser.add_argument("--branch", default="HEAD", metavar="NAME", help="whose history it is (HEAD)")
    parser.add_argument("--to", choices=pull_request.WAYS, default="comment", help="tell: as what (comment)")
    parser.add_argument("--out", metavar="FILE", help="tell: where to write it (standard output)")
    parser.add_argument("--pull", metavar="N", help="tell: write or edit that pull request's one comment")
    parser.add_argument("--head-sha", metavar="HASH", help="tell: the commit that it must be at")
    parser.add_argument("--keep-on", default="results", metavar="BRANCH", help="keep: the branch (results)")
    parser.add_argument("--since", default="", metavar="HASH", help="keep: its commit that results/ are from")
    parser.add_argument("--all", action="store_true", help="list: closed ones, too")
    parser.add_argument(
        "--dry-run", action="store_true", help="update: say what would be sent; write nothing"
    )
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument("--results", type=Path, help="where the ledgers are (the suite's results folder)")
    parser.add_argument("--json", metavar="FILE", help="write the alerts as JSON; - for standard output")


def run(options: argparse.Namespace) -> Exit:
    """Do what is asked; leave with 1 while alerts are open."""
    if options.action == TELL:
        return _tell(options)
    suite = load(options.config)
    results = (options.results or suite.results).resolve()
    screen = console(stderr=options.json == "-")

    def say(text: str) -> None:
        screen.print(text, markup=False, soft_wrap=True)

    if options.action == "update":
        return _update(options, suite, results, say)
    if options.action == KEEP:
        remote = options.alert[0] if options.alert else "origin"
        say(_orphan.keep(suite.repository or suite.root, results, remote, options.keep_on, options.since))
        return _left(options, store.read(results), {}, [])
    book = store.read(results)
    if options.action in ("ack", "accept", "invalid"):
        book = _settled(options, results, book, say)
    elif options.action == "show":
        for one in _meant(options.alert, book):
            _show(one, say)
    else:
        _list(options, book, say)
    return _left(options, book, {}, [])


def _tell(options: argparse.Namespace) -> Exit:
    """Tell a comparison: 1 where something became worse."""
    if len(options.alert) != 1:
        raise PacelineError("name the one file that `paceline compare --json` wrote")
    told = verdicts.read(Path(options.alert[0]))
    text = pull_request.WAYS[options.to](told)
    if options.pull:
        how = sticky.post(text, options.pull, options.head_sha or "", {})
        print(f"the comment of pull request {options.pull} was {how}", file=sys.stderr)
    elif options.out:
        write_file(Path(options.out), text.encode())
    else:
        sys.stdout.write(text)
    exits = [Exit.SLOWER] if told.worse else []
    if options.json:
        write_json(options.json, {"schema": 1, "counts": told.counts, "exits": [int(one) for one in exits]})
    return worst(exits)


def _update(options: argparse.Namespace, suite: Suite, results: Path, say: Say) -> Exit:
    race = racer(options, results, say, time.monotonic()) if options.race else None
    update = Update(suite, results, options.branch, say, race, options.dry_run)
    update.run()
    for warning in update.warnings[:MOST_WARNINGS]:
        say(f"warning: {plain(warning, 300)}")
    for wish in update.wishes if race is None else []:
        say(f"{wish.why} {plain(wish.case, 120)}: --race would race it")
    for one in update.deliveries:
        if one.how in FAILED:
            say(f"{one.sink}: {one.how}: {plain(one.reason, 300)}")
    say(terminal.render(update.book, {}, update.now).decode().rstrip())
    failed = [Exit.FAILED] if any(one.how in FAILED for one in update.deliveries) else []
    return _left(options, update.book, document(update), failed)


def _list(options: argparse.Namespace, book: Mapping[str, Alert], say: Say) -> None:
    if not options.all:
        say(terminal.render(book, {}, "").decode().rstrip())
        return
    for one in sorted(book.values(), key=lambda one: (one.state not in LIVE, -one.change)):
        told = f"{telling.what(one)}: {telling.change(one)}, {telling.since(one)}"
        say(f"{one.fingerprint}  {one.state}  {told}")


def _show(alert: Alert, say: Say) -> None:
    say(telling.text(telling.Message((alert,))).rstrip())
    for event in alert.events:
        say(f"{plain(event.utc, 20)}  {plain(event.what, 200)}")


def _settled(
    options: argparse.Namespace, results: Path, book: dict[str, Alert], say: Say
) -> dict[str, Alert]:
    """Move the alerts that are meant to the state that is asked for."""
    now = times.told(datetime.now(UTC))
    why = options.reason or ""
    if options.action != "ack" and not why.strip():
        raise PacelineError(f"`paceline alerts {options.action}` needs --reason: others will ask why")
    for one in _meant(options.alert, book):
        moved = _moved(one, options, now, why)
        store.write(results, moved)
        book = {**book, one.fingerprint: moved}
        say(f"{one.fingerprint}: {one.state} -> {moved.state}")
    return book


def _moved(alert: Alert, options: argparse.Namespace, now: str, why: str) -> Alert:
    told = f": {why}" if why else ""
    if options.action == "invalid":
        return alert.moved(State.INVALID, now, f"invalid{told}", reason=why)
    if alert.state not in OPEN:
        raise PacelineError(f"{alert.fingerprint} is {alert.state}: there is nothing to {options.action}")
    if options.action == "ack":
        return alert.moved(State.ACKNOWLEDGED, now, f"acknowledged{told}", reason=why)
    until = times.told(times.read(options.until)) if options.until else ""
    until = until or times.after(now, timedelta(days=ACCEPTED_DAYS))
    if until <= now:
        raise PacelineError(f"--until {options.until} is over: name a day to come")
    return alert.moved(State.ACCEPTED, now, f"accepted until {until[:10]}{told}", reason=why, expires=until)


def _meant(names: list[str], book: Mapping[str, Alert]) -> list[Alert]:
    """Return the alerts that fingerprints, or beginnings of them, mean."""
    if not names:
        raise PacelineError("name an alert by its fingerprint; `paceline alerts list` has them")
    found = []
    for name in names:
        fitting = [one for key, one in book.items() if key.startswith(name)]
        if len(fitting) != 1:
            known = ", ".join(one.fingerprint for one in fitting or book.values()) or "none"
            raise PacelineError(f"{plain(name, 40)!r} names {len(fitting)} alerts; there are: {known}")
        found += fitting
    return found


def _left(
    options: argparse.Namespace, book: Mapping[str, Alert], told: dict[str, Any], failed: list[Exit]
) -> Exit:
    exits = [*([Exit.SLOWER] if any(one.open for one in book.values()) else []), *failed]
    if options.json:
        empty: dict[str, Any] = {"wishes": [], "deliveries": [], "warnings": []}
        codes = {"exits": [int(code) for code in exits]}
        write_json(options.json, {**documents.document(book), **empty, **told, **codes})
    return worst(exits)
