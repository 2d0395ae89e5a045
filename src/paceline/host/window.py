"""One second of watching: what moved between two readings, and how evenly a fixed loop ran."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise

from paceline.host import cgroups, linux, macos
from paceline.host.source import Source, whole

_SPIN_STEPS = 100_000  # 2 to 10 ms: shorter than a scheduler's turn, long against the timer
_FEWEST_SPINS = 6
_TIMER_READINGS = 2_000


@dataclass(frozen=True)
class Snapshot:
    """The counters that a measurement must not move; None is unknown."""

    seconds: float
    times: linux.CpuTimes | None
    quota: cgroups.Quota
    hot: int | None  # how often heat slowed a core, all cores together
    swapped: int | None  # pages swapped in and out since boot
    processes: dict[int, tuple[str, int]]  # pid to name and clock ticks used


@dataclass(frozen=True)
class Timer:
    """Python's clock: the smallest step seen and the cost of one reading, in nanoseconds."""

    step: int
    cost: float


@dataclass(frozen=True)
class Window:
    """Two readings, the seconds of each spin between them, and what the timer is worth."""

    before: Snapshot
    after: Snapshot
    spins: tuple[float, ...]
    timer: Timer

    @property
    def variation(self) -> float | None:
        """How far spins lie apart: 1.4826 median absolute deviations over the median.

        This is the standard deviation's robust twin: one interruption does not count, unrest does.
        """
        if len(self.spins) < _FEWEST_SPINS:
            return None
        middle = statistics.median(self.spins)
        return 1.4826 * statistics.median(abs(spin - middle) for spin in self.spins) / middle

    @property
    def trend(self) -> float | None:
        """The median of the last third of spins over that of the first third, minus one."""
        third = len(self.spins) // 3
        if len(self.spins) < _FEWEST_SPINS:
            return None
        return statistics.median(self.spins[-third:]) / statistics.median(self.spins[:third]) - 1

    @property
    def neighbours(self) -> list[tuple[str, float]]:
        """Other processes with their share of one core while we watched, the busiest first."""
        seconds = self.after.seconds - self.before.seconds
        return busiest(self.before.processes, self.after.processes, seconds)


def watch(source: Source, seconds: float) -> Window:
    """Spin for about so many seconds, on one core where that can be asked for, between two readings."""
    timer = read_timer()
    before = snapshot(source)
    with _one_core():
        spins = tuple(_spins(time.perf_counter() + seconds))
    return Window(before, snapshot(source), spins, timer)


def snapshot(source: Source) -> Snapshot:
    """Read all counters once."""
    return Snapshot(
        seconds=time.perf_counter(),
        times=linux.cpu_times(source.text("/proc/stat") or ""),
        quota=cgroups.read_quota(source),
        hot=_hot(source),
        swapped=_swapped(source),
        processes=_processes(source),
    )


def read_timer() -> Timer:
    """Read Python's clock many times in a row."""
    readings = [time.perf_counter_ns() for _ in range(_TIMER_READINGS)]
    return timer_of(readings)


def timer_of(readings: Sequence[int]) -> Timer:
    """Return the smallest step between consecutive readings that differ, and the mean cost of one."""
    steps = [later - earlier for earlier, later in pairwise(readings)]
    moved = [step for step in steps if step > 0]
    return Timer(step=min(moved, default=0), cost=sum(steps) / max(1, len(steps)))


def busiest(
    before: dict[int, tuple[str, int]], after: dict[int, tuple[str, int]], seconds: float
) -> list[tuple[str, float]]:
    """Return names and shares of one core of the processes that ran, ourselves left out."""
    per_second = _ticks_per_second()
    shares = []
    for pid, (name, ticks) in after.items():
        started = before.get(pid, (name, 0))[1]
        if pid != os.getpid() and ticks > started and seconds > 0:
            shares.append((name, (ticks - started) / per_second / seconds))
    return sorted(shares, key=lambda share: (-share[1], share[0]))


def macos_neighbours(source: Source) -> list[tuple[str, float]]:
    """Return what ``ps`` calls busy; it counts the last minute or so, ourselves left out."""
    shown = source.run(("ps", "-A", "-o", "pid=,pcpu=,comm="))
    return [(name, share) for pid, name, share in macos.busy_processes(shown) if pid != os.getpid()]


def _spins(end: float) -> Iterator[float]:
    count = 0
    while count < _FEWEST_SPINS or time.perf_counter() < end:
        begun = time.perf_counter()
        _spin()
        yield time.perf_counter() - begun
        count += 1


def _spin() -> int:
    total = 0
    for step in range(_SPIN_STEPS):
        total ^= step
    return total


@contextmanager
def _one_core() -> Iterator[None]:
    """Stay on the last core we may use, as a race does; the first serves most interrupts."""
    try:
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {max(allowed)})
    except (AttributeError, OSError):  # macOS cannot, a sandbox may not
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            os.sched_setaffinity(0, allowed)


def _hot(source: Source) -> int | None:
    paths = source.paths("/sys/devices/system/cpu/cpu[0-9]*/thermal_throttle/*_throttle_count")
    counts = [count for path in paths if (count := source.integer(path)) is not None]
    return sum(counts) if counts else None


def _swapped(source: Source) -> int | None:
    moved = linux.pairs(source.text("/proc/vmstat") or "")
    counts = [whole(moved.get(name)) for name in ("pswpin", "pswpout")]
    return None if None in counts else sum(count or 0 for count in counts)


def _processes(source: Source) -> dict[int, tuple[str, int]]:
    found = {}
    for path in source.paths("/proc/[0-9]*/stat"):
        pid, used = whole(path.split("/")[2]), linux.process_ticks(source.text(path))
        if pid is not None and used is not None:
            found[pid] = used
    return found


def _ticks_per_second() -> int:
    try:
        return os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError):
        return 100
