"""``paceline alerts update``: evidence in, alerts on, races asked for, notices sent."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.alerts import life, nominating, store, times, wishing
from paceline.alerts.alert import Alert
from paceline.alerts.configured import Sink, configured
from paceline.alerts.delivery import Delivery, Post
from paceline.alerts.known import Known, Wish
from paceline.alerts.sinks import terminal
from paceline.commands import _branch
from paceline.escape import plain
from paceline.outcome import PacelineError
from paceline.output import write_file
from paceline.results import absolute, anchor, asv_files, history
from paceline.results.history import Series
from paceline.suite.config import Suite
from paceline.suite.settings import alerting, racing

ROUNDS = 6  # races answer, and their answers ask for more
Say = Callable[[str], None]
Racer = Callable[[Wish], bool]  # whether it was raced at all


@dataclass
class Update:
    """One update of a suite's alerts; ``race`` makes a wish come true, None where nothing is raced."""

    suite: Suite
    results: Path
    branch: str
    say: Say
    race: Racer | None = None
    dry: bool = False
    now: str = field(default_factory=lambda: times.told(datetime.now(UTC)))
    book: dict[str, Alert] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Bring the alerts up to date, then tell whom they concern."""
        self.book = store.read(self.results)
        configured(alerting(self.suite.root))  # what is wrong there is not said after an hour of racing
        granted: set[Wish] = set()
        for _ in range(ROUNDS):
            known = self._known()
            self._keep(life.update(self.book, known, self.now))
            self.wishes = [one for one in wishing.wishes(self.book, known) if one not in granted]
            if self.race is None or self.dry or not self.wishes:
                break
            for wish in self.wishes:
                granted.add(wish)
                self.say(f"{wish.why} {plain(wish.case, 120)}")
                if self.race(wish) and wish.bisect:
                    self._searched(wish)
        self._told(self._known())

    def _known(self) -> Known:
        """Read all evidence anew."""
        branch = _branch.read(self.suite.repository or self.suite.root, self.branch)
        anchors = anchor.read(self.results)
        compared, self.warnings = history.comparisons(self.results)
        every = history.series(compared, anchors, branch.order)
        threshold = racing(self.suite.root).threshold_of
        times = self._times(branch.order, {one.case for one in every})
        found = nominating.nominations(every, self.book, branch.order, anchors.commit, threshold)
        alone = nominating.nominations(times, self.book, branch.order, "", threshold, pool=False)
        found += [replace(one, cpu="") for one in alone]  # a machine's name is no processor model
        return Known(
            order=branch.order,
            compared=compared,
            nominated=found,
            anchors=anchors.all,
            accepted=branch.accepted,
            down=nominating.down(every, self.book, branch.order, threshold),
            racing=self.race is not None,
            subjects=branch.subjects,
        )

    def _times(self, order: Mapping[str, int], raced: set[str]) -> list[Series]:
        """Return asv's times of the cases that have no ratios."""
        try:
            runs = asv_files.read(self.results).runs
        except PacelineError:
            return []
        known = absolute.epochs(self.results, (one.machine.name for one in runs))
        return [one for one in absolute.series(runs, order, known) if one.case not in raced]

    def _searched(self, wish: Wish) -> None:
        for name, one in self.book.items():
            if wish.case in one.cases and (one.good, one.bad) == (wish.base, wish.head):
                self._keep(
                    {**self.book, name: wishing.searched(one, self.now, "its steps are in the ledger")}
                )

    def _keep(self, book: dict[str, Alert]) -> None:
        """Write what has changed."""
        for name, one in book.items():
            if one is not self.book.get(name) and not self.dry:
                store.write(self.results, one)
        self.book = book

    def _told(self, known: Known) -> None:
        """Mark what is due as told, send it, and write the files of the sinks."""
        section = alerting(self.suite.root)
        sinks = configured(section)
        due = [name for name, one in self.book.items() if wishing.due(one, known)]
        book = {name: replace(one, told=True) if name in due else one for name, one in self.book.items()}
        self._keep(book)
        post = Post(dict(book), lambda one: void(store.write(self.results, one)), self.say, dry=self.dry)
        sending = [one for one in sinks if one.sends]
        self.deliveries = post.deliver(sending, due, str(section.get("link", "")))
        self.book = post.book
        for sink in sinks:
            if not sink.sends:
                self._filed(sink)

    def _filed(self, sink: Sink) -> None:
        """Write one sink's file; its failure is told and stops no other."""
        if sink.module is terminal and "path" not in sink.settings:
            return  # printed anyway
        try:
            content: bytes = sink.module.render(self.book, sink.settings, self.now)
            path = sink.path(self.suite.root)
            if self.dry:
                self.say(f"--- {sink.name} would write {path} ({len(content)} bytes)")
            else:
                write_file(path, content)
        except PacelineError as error:
            self.deliveries.append(Delivery(sink.name, (), "failed", str(error)))


def void(value: object) -> None:
    """Let a value go."""


def racer(options: argparse.Namespace, results: Path, say: Say, started: float) -> Racer:
    """Return what races a wish with our own commands, in processes of their own, while the budget lasts."""

    def race(wish: Wish) -> bool:
        left = None if options.budget is None else options.budget - (time.monotonic() - started)
        if left is not None and left <= 0:
            say("the budget is spent; the rest is raced at the next update")
            return False
        words = [*command(wish), "--config", str(options.config), "--results", str(results)]
        words += ["--budget", f"{left:.0f}"] if left is not None else []
        say(f"$ {shlex.join(['paceline', *words])}")
        # its exit code says what the ledger says, too
        subprocess.run([sys.executable, "-m", "paceline", *words], stdout=sys.stderr, check=False)
        return True

    return race


def command(wish: Wish) -> list[str]:
    """Return the words of the command that makes a wish come true; nothing in them is a shell's."""
    if wish.bisect:
        return ["bisect", wish.base, wish.head, wish.case]
    import re

    return ["compare", wish.base, wish.head, "--bench", f"^{re.escape(wish.benchmark)}$"]


def document(update: Update) -> dict[str, Any]:
    """Return what an update did, for JSON."""
    return {
        "wishes": [
            {"case": one.case, "why": one.why, "command": ["paceline", *command(one)]}
            for one in update.wishes
        ],
        "deliveries": [
            {"sink": one.sink, "alerts": list(one.fingerprints), "how": one.how, "reason": one.reason}
            for one in update.deliveries
        ],
        "warnings": update.warnings,
    }
