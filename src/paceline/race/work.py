"""Work apart from cost: how often a case did its thing, and what each time cost.

Where a class tracks a counter beside a time (calls of the right-hand side, steps, comparisons), the ratio of
times is the ratio of the counters times the ratio of the cost of one. A change of algorithm moves the first,
a change of code the second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

COUNTERS = (  # the likeliest measure of work first
    *("nfev", "calls", "evaluations", "evals", "steps", "nsteps", "iterations", "iters", "nit", "niter"),
    *("comparisons", "compares", "lookups", "probes", "updates", "operations", "ops", "flops"),
    *("instructions", "njev", "nlu"),
)
NAME = re.compile(r"(?P<place>.*?)(?P<kind>time|timeraw|track)_(?P<name>\w+)")


@dataclass(frozen=True)
class Work:
    """A counter of a case on both sides, and head's cost of one / base's, with its interval."""

    counter: str
    base: float
    head: float
    cost: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Head's count / base's."""
        return self.head / self.base


Key = tuple[str, frozenset[tuple[str, str]]]


def counter_of(benchmark: str) -> str:
    """Return what a tracked benchmark counts, "nfev" of "ode.Seed.track_nfev"; else nothing."""
    found = NAME.fullmatch(benchmark)
    if found is None or found["kind"] != "track":
        return ""
    words = [found["name"].lower(), *found["name"].lower().split("_")]
    return found["name"] if any(word in COUNTERS for word in words) else ""


def place_of(benchmark: str, params: Mapping[str, object]) -> Key:
    """Return the class (or module) of a benchmark and its parameters: what a time and a counter share."""
    found = NAME.fullmatch(benchmark)
    values = frozenset((name, repr(value)) for name, value in params.items())
    return (found["place"] if found else benchmark), values


def best(counters: Iterable[tuple[str, float, float]]) -> tuple[str, float, float] | None:
    """Return the counter that tells most: one that has changed before others, the likeliest first."""
    sound = [one for one in counters if all(value > 0 and float(value).is_integer() for value in one[1:])]
    return min(sound, key=lambda one: (one[1] == one[2], _rank(one[0])), default=None)


def _rank(counter: str) -> int:
    words = [counter.lower(), *counter.lower().split("_")]
    return min(COUNTERS.index(word) for word in words if word in COUNTERS)
