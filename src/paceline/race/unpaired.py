"""Memory and tracked numbers of two sides: fresh processes, no turns, no statistics.

Memory: three fresh processes a side, the least of each compared; worse when it is over 2 % and over 1 MiB
more. One process a side is enough where they hardly differ. A tracked number is the same or it has changed;
better or worse only where the class declares ``better`` ("lower", "higher") and ``repeatable = True``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from paceline.race.contenders import Absence, Contender
from paceline.race.crew import Ground
from paceline.race.process import WorkerLostError

PROCESSES = 3
SHARE, BYTES = 0.02, 1 << 20
NEAR = 0.25  # of both limits: what differs by less in one process is not asked again
SIDES = 2
COMMANDS = {"peakmemory": "peak", "track": "track"}


@dataclass(frozen=True)
class Compared:
    """A number of two sides. ``verdict``: same, better, worse or changed; empty where a side is absent."""

    base: float | Absence
    head: float | Absence
    verdict: str = ""
    processes: int = 1

    @property
    def absent(self) -> bool:
        """Whether a side has no number."""
        return isinstance(self.base, Absence) or isinstance(self.head, Absence)

    @property
    def ratio(self) -> float | None:
        """Head / base, where both are there and not zero."""
        if isinstance(self.base, Absence) or isinstance(self.head, Absence) or not self.base:
            return None
        return self.head / self.base


@dataclass(frozen=True)
class _Told:
    """What a process told: a number and what the class declares, or why there is none."""

    number: float = 0.0
    words: Mapping[str, Any] = field(default_factory=dict)
    absence: Absence | None = None

    @property
    def value(self) -> float | Absence:
        return self.absence or self.number


def compare(ground: Ground, base: Contender, head: Contender, kind: str) -> Compared:
    """Compare one case of kind "peakmemory" or "track"; both sides may run at the same time."""
    sides = _both(ground, base, head, kind)
    found = Compared(sides[0].value, sides[1].value)
    if found.absent:
        return found
    before, after = (float(one.number) for one in sides)
    if kind == "track":
        return Compared(before, after, _tracked(before, after, sides[0].words))
    if not _differ(before, after, NEAR):
        return Compared(before, after, "same")
    for _ in range(PROCESSES - 1):
        sides = _both(ground, base, head, kind)
        found = Compared(sides[0].value, sides[1].value)
        if found.absent:
            return found
        before, after = min(before, sides[0].number), min(after, sides[1].number)
    return Compared(before, after, _memory(before, after), PROCESSES)


def _both(ground: Ground, base: Contender, head: Contender, kind: str) -> list[_Told]:
    with ThreadPoolExecutor(SIDES) as pool:
        return list(pool.map(lambda one: _value(ground, one, kind), (base, head)))


def _value(ground: Ground, contender: Contender, kind: str) -> _Told:
    """Return the number that one fresh process tells, with what its class declares."""
    try:
        with ground.worker(contender, 1) as worker:
            worker.greet()
            seconds = ground.limits.load
            for command in _commands(ground, contender, kind):
                answer = worker.ask(command, seconds)
                if answer["status"] == "cache":
                    absence = ground.make_cache(contender, answer)
                    if absence:
                        return _Told(absence=absence)
                    answer = worker.ask(next(_commands(ground, contender, kind)), seconds)
                if answer["status"] != "ready":
                    return _Told(absence=Absence(str(answer["status"]), str(answer.get("reason", ""))))
                seconds = ground.limits.of(answer)
    except WorkerLostError as error:
        if ground.stop.is_set():
            raise KeyboardInterrupt from error
        return _Told(absence=Absence("failed", f"the worker {error}"))
    return _Told(float(answer["value"]), answer)


def _commands(ground: Ground, contender: Contender, kind: str) -> Iterator[dict[str, Any]]:
    folder = ground.cache(contender)
    yield {"do": "load", **contender.case, "folder": str(folder) if folder else None}
    yield {"do": COMMANDS[kind]}


def _differ(before: float, after: float, part: float = 1.0) -> bool:
    return abs(after - before) > part * BYTES and abs(after - before) > part * SHARE * before


def _memory(before: float, after: float) -> str:
    if not _differ(before, after):
        return "same"
    return "worse" if after > before else "better"


def _tracked(before: float, after: float, words: Mapping[str, Any]) -> str:
    if before == after or (math.isnan(before) and math.isnan(after)):
        return "same"
    if words.get("repeatable") is not True or words.get("better") not in ("lower", "higher"):
        return "changed"
    return "worse" if (after > before) == (words["better"] == "lower") else "better"
