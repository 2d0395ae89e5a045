"""What a check of the host is: what it looks at, and what it finds.

A check is a function ``look(view) -> Finding`` and one line in ``checks.CHECKS``. It

1. reads only the view, so that tests can give it any host;
2. answers ``unknown`` for what cannot be read, and never guesses;
3. names the exact command that mends what it found, and runs nothing that changes the host.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from paceline.host.fingerprint import Fingerprint
from paceline.host.source import Source
from paceline.host.window import Window


class Level(StrEnum):
    """How much a finding matters: only ``fail`` makes a host unfit."""

    OK = "ok"
    INFO = "info"
    WARN = "warn"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What was seen, how much it matters, and the command that mends it."""

    level: Level
    seen: str
    mend: str = ""


@dataclass(frozen=True)
class View:
    """All that a check may look at."""

    source: Source
    fingerprint: Fingerprint
    window: Window
    sysctl: Mapping[str, str] = field(default_factory=dict)
    name_cpu: Callable[[], str | None] = lambda: None  # py-cpuinfo: slow, may answer nothing


@dataclass(frozen=True)
class Check:
    """One line of the table: the check's name, why it matters, its function, and where it applies."""

    id: str
    why: str
    look: Callable[[View], Finding]
    systems: tuple[str, ...] = ("Linux", "Darwin")


@dataclass(frozen=True)
class Result:
    """A finding with its check: one entry of doctor's JSON."""

    id: str
    level: Level
    seen: str
    why: str
    mend: str


def ok(seen: str) -> Finding:
    """As it should be."""
    return Finding(Level.OK, seen)


def info(seen: str, mend: str = "") -> Finding:
    """Recorded: neither good nor bad, or good to know."""
    return Finding(Level.INFO, seen, mend)


def warn(seen: str, mend: str) -> Finding:
    """Measuring is possible, but noisier or narrower than it could be."""
    return Finding(Level.WARN, seen, mend)


def fail(seen: str, mend: str) -> Finding:
    """Numbers from this host would mislead."""
    return Finding(Level.FAIL, seen, mend)


def unknown(seen: str) -> Finding:
    """It cannot be read here."""
    return Finding(Level.UNKNOWN, seen)
