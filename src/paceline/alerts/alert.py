"""An alert as a value: what it is about, its state, and what has happened to it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from paceline.results.measurements import Scalar

NOT_SIZES = ("threads",)  # numbers that say how it is computed, not how much


class State(StrEnum):
    """Where an alert stands. Open are those that somebody has to act on."""

    NEW = "new"  # nominated; nobody is told before a race confirms it
    CONFIRMED = "confirmed"
    ACKNOWLEDGED = "acknowledged"
    FIXED = "fixed"
    ACCEPTED = "accepted"
    INVALID = "invalid"  # noise: counted against us
    INFRA = "infra"  # the machine's fault


OPEN = (State.CONFIRMED, State.ACKNOWLEDGED)
LIVE = (State.NEW, *OPEN)


@dataclass(frozen=True)
class Event:
    """Something that happened: when (UTC, ISO 8601), and what in words."""

    utc: str
    what: str


@dataclass(frozen=True)
class Sent:
    """What a sink was given: for which episode, a digest of it, and how the peer calls it.

    ``state`` is "sending" from before until after: one that stays so may or may not have arrived.
    """

    episode: int
    digest: str
    state: str
    receipt: str = ""


@dataclass(frozen=True)
class Alert:
    """A slow-down of one contender: at most one is live for each fingerprint.

    ``good`` is the last commit that is known not to have it, ``bad`` the first one known to have it; once one
    is the other's parent, ``bad`` is the culprit. ``case`` is the one that showed it most, ``cases`` are all.
    ``episode`` counts how often it came. ``told`` is whether anybody was told of this episode.
    """

    fingerprint: str
    benchmark: str
    contender: Mapping[str, Scalar]
    metric: str
    direction: str
    state: State
    case: str
    cases: tuple[str, ...]
    good: str
    bad: str
    opened: str
    cpu: str = ""
    culprit: bool = False
    subject: str = ""
    author: str = ""
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    run: str = ""
    creep: bool = False
    reason: str = ""
    expires: str = ""
    episode: int = 1
    told: bool = False
    fixed_by: str = ""
    counted: tuple[str, ...] = ()  # how the episodes before ended, of those that were told
    sent: Mapping[str, Sent] = field(default_factory=dict)
    events: tuple[Event, ...] = ()

    @property
    def change(self) -> float:
        """The log ratio; 0 where it is not known."""
        return math.log(self.ratio) if self.ratio else 0.0

    @property
    def open(self) -> bool:
        """Whether somebody has to act on it."""
        return self.state in OPEN

    def moved(self, state: State, utc: str, what: str, **changes: object) -> Alert:
        """Return it in another state, with the event that brought it there."""
        return replace(self, state=state, events=(*self.events, Event(utc, what)), **changes)  # type: ignore[arg-type]


def contender(params: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """Return the parameters that are no sizes: everything but numbers, and the number of threads."""
    return {
        name: value
        for name, value in params.items()
        if name in NOT_SIZES or isinstance(value, bool) or not isinstance(value, int | float)
    }


def fingerprint(benchmark: str, params: Mapping[str, Scalar], metric: str, direction: str) -> str:
    """Return twelve hexadecimal digits that stand for benchmark, contender, metric and direction."""
    told = [benchmark, sorted(contender(params).items()), metric, direction]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:12]


def precision(alerts: Mapping[str, Alert]) -> tuple[int, int]:
    """Return how many alerts that people were told of were right, and how many there were."""
    ends = [end for one in alerts.values() for end in (*one.counted, *([str(one.state)] if one.told else []))]
    wrong = sum(end in (State.INVALID, State.INFRA) for end in ends)
    return len(ends) - wrong, len(ends)
