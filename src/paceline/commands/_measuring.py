"""What the commands that race share: their options, and the lines that say how far they are."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from paceline.commands._waiting import add_wait
from paceline.outcome import PacelineError
from paceline.output import console
from paceline.race.contenders import Pair
from paceline.race.crew import Limits
from paceline.race.session import free_memory
from paceline.race.tally import Tally
from paceline.results import ledger
from paceline.suite.config import Suite

SPARSE_SECONDS = 30.0  # where there is no terminal, a line about every so often
MOST_LINES = 12
CI_BUDGET = 600.0
NO_CI = ("", "0", "false")


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """Declare what every racing command takes."""
    parser.add_argument("--config", type=Path, default=Path("asv.conf.json"), help="asv's configuration file")
    parser.add_argument("--results", type=Path, help="where the ledger goes (the suite's results folder)")
    parser.add_argument("--machine", help="the machine's name in the results (the host's own name)")
    parser.add_argument(
        "--timeout",
        type=positive,
        metavar="SECONDS",
        help="for one command of one case (the benchmark's, or 60)",
    )
    parser.add_argument(
        "--memory",
        type=positive,
        metavar="GB",
        help="a worker that grows beyond it is ended (80 %% of what is free)",
    )
    parser.add_argument("--seed", type=int, help="of the random order of turns; the ledger tells it")
    parser.add_argument(
        "--resume", nargs="?", const="last", metavar="RUN", help="go on with a run of the ledger (the last)"
    )
    parser.add_argument("--json", metavar="FILE", help="write the result as JSON; - for standard output")
    add_wait(parser)


def budget_of(options: argparse.Namespace) -> float | None:
    """Return the seconds that a comparison may measure: as many as are asked for; in CI never without end."""
    if options.budget:
        return float(options.budget)
    return CI_BUDGET if os.environ.get("CI", "") not in NO_CI else None


def limits_of(options: argparse.Namespace) -> Limits:
    """Return what a worker may use."""
    memory = options.memory * 1e9 if options.memory else free_memory()
    return Limits(options.timeout or 60.0, memory, asked=options.timeout is not None)


def resumed(options: argparse.Namespace, results: Path, what: str) -> Path | None:
    """Return the ledger to go on with, where one is asked for; that of another command is an error."""
    if not options.resume:
        return None
    path, _ = ledger.find(results, options.resume)
    records = ledger.read(path).records
    found = next((record.get("what") for record in records if record.get("kind") == "run"), None)
    if found != what:
        raise PacelineError(f"{path.name} is a run of `paceline {found}`, not of `paceline {what}`")
    return path


def as_before(path: Path, settings: Mapping[str, Any]) -> None:
    """Raise PacelineError where the run of a ledger was begun with other settings than these."""
    records = ledger.read(path).records
    told = next((one for one in records if one.get("kind") == "run"), {}).get("settings")
    other = [key for key in settings if not isinstance(told, dict) or told.get(key) != settings[key]]
    if other:
        raise PacelineError(
            f"{path.stem} was another run (it differs in {', '.join(other)}): go on with its own words"
        )


def results_of(options: argparse.Namespace, suite: Suite) -> Path:
    """Return the results folder."""
    return (options.results or suite.results).resolve()


def positive(text: str) -> float:
    """Return a positive number; argparse says what is wrong with others."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no positive number")
    return value


def share(text: str) -> float:
    """Return a threshold as a fraction: "2.5%" and "0.025" are the same."""
    value = positive(text.rstrip(" %"))
    value = value / 100 if text.rstrip().endswith("%") else value
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no threshold; write 2.5% or 0.025")
    return value


class Progressing:
    """How far a run is: a bar on a terminal, a line now and then elsewhere. A Watch of the driver."""

    def __init__(self, what: str, total: int, quiet: bool) -> None:
        self._screen = console(stderr=quiet)
        terminal = sys.stderr.isatty()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console(stderr=True), transient=True, disable=not terminal)
        self._task = self.bar.add_task(what, total=total)
        self._total, self._done, self._pairs, self._plain = total, 0, 0, not terminal
        self._what, self._next, self._lines = what, time.monotonic() + SPARSE_SECONDS, 0

    def expect(self, total: int) -> None:
        """Set how many there are, where that is known only now."""
        self._total = total
        self.bar.update(self._task, total=total)

    def pair(self, tally: Tally, pair: Pair) -> None:
        """Tell that a pair was measured."""
        self._pairs += 1
        self.bar.update(self._task, description=f"{self._what}: {tally.race.shown} pair {tally.pairs}"[:60])
        self._tell()

    def done(self, tally: Tally) -> None:
        """Tell that a race has ended."""
        self.counted()

    def counted(self) -> None:
        """Tell that one more is done."""
        self._done += 1
        self.bar.update(self._task, completed=self._done)
        self._tell()

    def _tell(self) -> None:
        """Print a line where it is time for one; it takes twice as long to the next."""
        if self._plain and time.monotonic() >= self._next and self._lines < MOST_LINES:
            self._lines += 1
            self._next = time.monotonic() + SPARSE_SECONDS * 2**self._lines
            pairs = f", {self._pairs:,} pair{'s' * (self._pairs > 1)}" if self._pairs else ""
            print(f"  {self._what}: {self._done:,} of {self._total:,}{pairs}", file=sys.stderr, flush=True)
