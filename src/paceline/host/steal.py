"""Stolen and idle time between two readings of /proc/stat, of all processors and of each."""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from paceline.host import linux
from paceline.host.linux import CpuTimes

STAT = Path("/proc/stat")
_LINE = re.compile(r"cpu([0-9]{1,6})( .*)")


@dataclass(frozen=True)
class Ticks:
    """Clock ticks since boot: of all processors together, and by processor."""

    all: CpuTimes
    cpus: Mapping[int, CpuTimes] = field(default_factory=dict)


def read_ticks(path: Path = STAT) -> Ticks | None:
    """Read the counters; None where there are none (macOS, a strict sandbox)."""
    try:
        text = path.read_text(errors="replace")
    except OSError:
        return None
    together = linux.cpu_times(text)
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    cpus = {int(line[1]): linux.cpu_times("cpu" + line[2]) for line in found if line}
    known = {number: times for number, times in cpus.items() if times is not None}
    return None if together is None else Ticks(together, known)


def steal_share(before: Ticks | None, after: Ticks | None) -> float | None:
    """Return the share (0 to 1) of all time that the hypervisor gave to others; None when it is unknown."""
    if before is None or after is None:
        return None
    return linux.steal_share(before.all, after.all)


def idlest(before: Ticks | None, after: Ticks | None, allowed: Collection[int]) -> int:
    """Return the allowed processor that was idle longest between two readings; ties at random.

    A processor without readings counts as never idle. ``allowed`` must not be empty.
    """
    idle = {cpu: _idle(before, after, cpu) for cpu in sorted(allowed)}
    most = max(idle.values())
    return random.choice([cpu for cpu, ticks in idle.items() if ticks == most])  # noqa: S311 - no secret


def _idle(before: Ticks | None, after: Ticks | None, cpu: int) -> int:
    """Return the idle ticks of one processor; one that came or went between the readings has none."""
    if before is None or after is None or cpu not in before.cpus or cpu not in after.cpus:
        return 0
    return max(0, after.cpus[cpu].idle - before.cpus[cpu].idle)
