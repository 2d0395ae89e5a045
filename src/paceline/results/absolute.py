"""asv's absolute times as a second source of history: what has no ratios may still be nominated.

Absolute times never cross epochs, so of each machine and environment only the newest epoch's commits are a
series. They are noisy: what they nominate is raced like anything else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from paceline.results.history import TIME, Point, Series
from paceline.results.hosts import read_hosts
from paceline.results.measurements import Run, Scalar, Status

Epochs = Mapping[str, list[tuple[datetime, str]]]  # by machine: from when which epoch held, the oldest first


def epochs(results: Path, machines: Iterable[str]) -> Epochs:
    """Return when each machine's epochs began; what is no moment is left out."""
    found: dict[str, list[tuple[datetime, str]]] = {}
    for machine in set(machines):
        records = read_hosts(results, machine).records
        moments = [(_moment(one.utc), one.epoch) for one in records]
        found[machine] = sorted((when, epoch) for when, epoch in moments if when is not None)
    return found


def series(runs: Iterable[Run], order: Mapping[str, int], known: Epochs) -> list[Series]:
    """Return the times of every case in the order of the commits, in logs, of the newest epoch only."""
    points: dict[tuple[str, str], dict[str, tuple[Point, str]]] = {}
    about: dict[str, tuple[str, Mapping[str, Scalar]]] = {}
    for run in sorted(runs, key=lambda one: one.measured or one.date):
        if run.commit not in order:
            continue
        epoch = held(known.get(run.machine.name, []), run.measured or run.date)
        for one in run.measurements:
            if one.kind != TIME or one.status is not Status.MEASURED or not one.value or one.value < 0:
                continue
            case = _case(one.benchmark, one.params)
            about[case] = one.benchmark, one.params
            point = Point(run.commit, math.log(one.value), "")
            points.setdefault((case, f"{run.machine.name}, {run.environment}"), {})[run.commit] = point, epoch
    return [
        Series(case, *about[case], place, _newest(list(found.values()), order))
        for (case, place), found in points.items()
    ]


def _newest(found: list[tuple[Point, str]], order: Mapping[str, int]) -> tuple[Point, ...]:
    ordered = sorted(found, key=lambda each: order[each[0].commit])
    last = ordered[-1][1]
    return tuple(point for point, epoch in ordered if epoch == last)


def held(known: list[tuple[datetime, str]], when: datetime) -> str:
    """Return the epoch of a moment; an empty text for one before the first."""
    return next((epoch for began, epoch in reversed(known) if began <= when), "")


def _case(benchmark: str, params: Mapping[str, Scalar]) -> str:
    """Return the case as ledgers name it."""
    told = ", ".join(f"{name}={value}" for name, value in params.items())
    return f"{benchmark}({told})" if told else benchmark


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
