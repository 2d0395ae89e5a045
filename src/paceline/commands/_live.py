"""What is seen while races run: a table on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Any

from rich.live import Live

from paceline.commands._measuring import SPARSE_SECONDS
from paceline.output import console
from paceline.race.answers import compare
from paceline.race.contenders import Pair
from paceline.race.driver import Run
from paceline.race.tally import Tally
from paceline.report.race_screen import live

LOOK_SECONDS = 0.25  # the table is drawn so often at most, and only between pairs: drawing is noise, too
MOST_LINES = 6


class Watching:
    """Hears what happens in a run, shows it, and writes down whether answers are the same."""

    def __init__(self, total: int, write: Callable[[dict[str, Any]], None]) -> None:
        self.run: Run | None = None
        self.answers: dict[str, dict[str, str]] = {}
        self.setups: dict[str, str] = {}  # why setup runs before every call, "" where it does not
        self.lines = 0
        self._write, self._total, self._done, self._pairs = write, total, 0, 0
        self._latest: dict[str, int] = {}
        self._screen = console(stderr=True)
        self._live = Live(console=self._screen, auto_refresh=False, transient=True)
        self._started = self._drawn = time.monotonic()
        self._next = self._started + SPARSE_SECONDS

    def pair(self, tally: Tally, pair: Pair) -> None:
        """Tell that a pair of a race was measured."""
        self._pairs += 1
        self._latest[tally.race.name] = self._pairs
        self._keep_setup(tally)
        self._compare(tally)
        if self._screen.is_terminal:
            self._draw()
        else:
            self._tell()

    def done(self, tally: Tally) -> None:
        """Tell that a race has ended."""
        self._done += 1

    def _tell(self) -> None:
        """Print a line where it is time for one; it takes twice as long to the next."""
        now = time.monotonic()
        if now >= self._next and self.lines < MOST_LINES:
            self.lines += 1
            self._next = now + SPARSE_SECONDS * 2**self.lines
            self._screen.print(f"  {self._head()}", markup=False)

    def _head(self) -> str:
        spent = time.monotonic() - self._started
        return f"{self._done} of {self._total} races, {self._pairs} pairs, {spent:.0f} s"

    def _draw(self) -> None:
        now = time.monotonic()
        if self.run is None or now - self._drawn < LOOK_SECONDS:
            return
        self._drawn = now
        height = self._screen.height - 5
        tallies = list(self.run.tallies.values())
        self._live.update(live(tallies, self._latest, self.run.floor, height, self._head()), refresh=True)

    def _keep_setup(self, tally: Tally) -> None:
        """Write down, once a race, whether setup runs before every call: whoever goes on must do the same."""
        race = tally.race.name
        if self.run and self.run.known[race].probed and race not in self.setups:
            self.setups[race] = self.run.known[race].each
            self._write({"kind": "setup", "race": race, "each": self.setups[race]})

    def _compare(self, tally: Tally) -> None:
        """Compare what the first pair's calls returned, once a race."""
        race = tally.race
        known = self.run.known[race.name].answers if self.run else {}
        if not known or race.name in self.answers:
            return
        want = known.get(race.baseline.name)
        self.answers[race.name] = {one.name: compare(want, known.get(one.name)) for one in race.contenders}
        self._write({"kind": "answers", "race": race.name, "answers": self.answers[race.name]})

    def __enter__(self) -> Watching:
        if self._screen.is_terminal:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()
