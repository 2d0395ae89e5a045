"""The canary: two fixed pieces of work, timed at the start and the end of a run.

They say whether the machine was its usual self. When it was not, absolute times are ``infra``; paired
verdicts stand, since the contenders of a pair share the machine. Seconds everywhere.

``results/<machine>/canary.jsonl``, one strict-JSON line a run, only ever appended to::

    {"schema": 1, "utc": "...", "epoch": "...", "python": "CPython 3.11.9", "loop": 0.02, "copy": 0.001}
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from paceline.host.steal import read_ticks, steal_share
from paceline.outcome import Exit, PacelineError
from paceline.results.lines import entry, machine_folder, written

SCHEMA = 1
FILE = "canary.jsonl"
TIMES = 30
KEPT = 30  # as many runs of an epoch tell what is usual
FEWEST = 4  # so the fifth run is the first that is judged by them
USUAL, STEADY, STOLEN = 0.10, 0.05, 0.10
_LONGEST = 3600.0  # seconds: more is no song
_STEPS = 400_000  # about 20 ms
_BYTES = 8 << 20

Measured = TypeVar("Measured")


@dataclass(frozen=True)
class Canary:
    """The minima of an integer loop and of copying 8 MiB, in seconds."""

    loop: float
    copy: float


def sing(times: int = TIMES) -> Canary:
    """Time both pieces of work so many times and keep the minima; 30 times take about 0.7 s."""
    source, target = bytearray(b"canary!\n" * (_BYTES // 8)), bytearray(_BYTES)
    view = memoryview(target)

    def copy() -> None:
        view[:] = source

    taken = [
        (_seconds(_loop), _seconds(copy)) for _ in range(times)
    ]  # in turns: one bad moment spoils neither
    loops, copies = zip(*taken, strict=True)
    return Canary(loop=min(loops), copy=min(copies))


def _loop() -> None:
    total = 0
    for step in range(_STEPS):
        total = (total * 5 + step) & 0xFFFF


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def around(results: Path, machine: str, epoch: str, measure: Callable[[], Measured]) -> tuple[Measured, str]:
    """Measure between two songs and remember them; return what was measured and why it is infra, or ""."""
    ticks, start = read_ticks(), sing()
    measured = measure()
    end, steal = sing(), steal_share(ticks, read_ticks())
    reason = infra(start, end, recall(results, machine, epoch), steal)
    remember(results, machine, epoch, start, end)
    return measured, reason


def infra(start: Canary, end: Canary, earlier: Sequence[Canary], steal: float | None) -> str:
    """Return why unpaired results of this run are not to be believed; empty when they are.

    A minimum is over 10 % off the median of ``earlier`` (the epoch's last 30 runs, once there are four),
    start and end differ by over 5 %, or ``steal``, the share of time stolen (0 to 1), is over 10 %.
    """
    reasons = []
    for name, work in (("loop", "an integer loop"), ("copy", "a copy of 8 MiB")):
        first, last = getattr(start, name), getattr(end, name)
        usual = [getattr(canary, name) for canary in earlier]
        reasons += _unusual(work, first, last, usual)
    if steal is not None and steal > STOLEN:
        reasons.append(f"{steal:.0%} of the processors' time was stolen by other guests of the hypervisor")
    return "; ".join(reasons)


def _unusual(work: str, first: float, last: float, usual: Sequence[float]) -> list[str]:
    """Judge one piece of work: against itself at the other end of the run, and against earlier runs."""
    reasons = []
    if max(first, last) / min(first, last) - 1 > STEADY:
        reasons.append(f"{work} took {_ms(first)} at the start and {_ms(last)} at the end")
    if len(usual) >= FEWEST:
        middle = statistics.median(usual)
        worst = max(first, last, key=lambda seconds: abs(seconds / middle - 1))
        if abs(worst / middle - 1) > USUAL:
            reasons.append(f"{work} took {_ms(worst)}, where {_ms(middle)} is usual here")
    return reasons


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms"


def remember(results: Path, machine: str, epoch: str, *songs: Canary, now: datetime | None = None) -> None:
    """Append one run to the machine's file: the minima of its songs."""
    path = machine_folder(results, machine) / FILE
    line = {
        "schema": SCHEMA,
        "utc": (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "epoch": epoch,
        "python": _python(),
        "loop": min(song.loop for song in songs),
        "copy": min(song.copy for song in songs),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            torn = file.tell() and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n"
            file.write(b"\n" * bool(torn) + written(line))  # in one piece: others may append, too
    except OSError as error:
        raise PacelineError(f"cannot write {path}: {error.strerror or error}", Exit.FAILED) from error


def recall(results: Path, machine: str, epoch: str) -> tuple[Canary, ...]:
    """Return the last 30 runs of one epoch, the newest last; lines that are none are left out.

    Only those of this very Python: another one takes another time for the same loop.
    """
    try:
        lines = (machine_folder(results, machine) / FILE).read_bytes().split(b"\n")
    except OSError:
        return ()
    found = (_canary(line, epoch) for line in lines)
    return tuple(canary for canary in found if canary is not None)[-KEPT:]


def _canary(line: bytes, epoch: str) -> Canary | None:
    told = entry(line) or {}
    if told.get("schema") != SCHEMA or told.get("epoch") != epoch or told.get("python") != _python():
        return None
    loop, copy = _positive(told.get("loop")), _positive(told.get("copy"))
    return None if loop is None or copy is None else Canary(loop, copy)


def _positive(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < _LONGEST else None


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"
