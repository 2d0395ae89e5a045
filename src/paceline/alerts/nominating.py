"""What the series of a history nominate: steps, slow creep against the anchor, and what is down again.

A nomination names the two sides of a race: the commits two before and one after the place of the change,
since a detector may be a commit off. Creep is looked for where nothing else of that contender is live, above
the level at which it was accepted last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import median

from paceline.alerts.alert import LIVE, OPEN, Alert, State, fingerprint
from paceline.alerts.known import Nomination
from paceline.alerts.life import SLOWER
from paceline.results.history import TIME, Point, Series
from paceline.stats.changepoints import CREEP, LEAST, THRESHOLD, creep, nominate
from paceline.stats.fleet import aligned

NEWEST = 400  # points of a series that are looked at
BEFORE, AFTER = 2, 1  # points between which and the change the sides of its race lie
POOLED = ""  # the processor model of a series made of several
Threshold = Callable[[str], float]  # of a case, by its name


def usual(case: str) -> float:
    """Return the threshold where nothing is set."""
    return THRESHOLD


def nominations(
    known: Iterable[Series],
    alerts: Mapping[str, Alert],
    order: Mapping[str, int],
    anchor: str,
    threshold: Threshold = usual,
    pool: bool = True,
) -> list[Nomination]:
    """Return the changes to slower that the series show; what a whole fleet shows is shown once.

    ``threshold`` gives what counts as a change of a case. ``pool`` also looks at the processor models of a
    fleet together; without an anchor there is no creep.
    """
    found: dict[tuple[str, str, str], Nomination] = {}
    every = list(known)
    for one in [*every, *(pooled(every, order, threshold) if pool else [])]:
        for nomination in _of_series(one, alerts, order, anchor, threshold):
            found.setdefault((nomination.case, nomination.good, nomination.bad), nomination)
    return list(found.values())


def down(
    known: Iterable[Series],
    alerts: Mapping[str, Alert],
    order: Mapping[str, int],
    threshold: Threshold = usual,
) -> frozenset[str]:
    """Return the open alerts whose newest commits are as fast again as those before it were.

    That is: the median of the last four is below the middle between the levels before and after.
    """
    found = set()
    for one in known:
        alert = alerts.get(_name(one))
        if alert is None or alert.state not in OPEN or one.case not in alert.cases:
            continue
        good, bad = order.get(alert.good, -1), order.get(alert.bad, len(order))
        before = [point.value for point in one.points if order[point.commit] <= good][-CREEP:]
        after = [point.value for point in one.points if order[point.commit] > bad][-LEAST:]
        if before and len(after) == LEAST:
            half = max(alert.change, math.log1p(threshold(one.case))) / 2
            if median(after) < median(before) + half:
                found.add(alert.fingerprint)
    return frozenset(found)


def pooled(known: Iterable[Series], order: Mapping[str, int], threshold: Threshold = usual) -> list[Series]:
    """Return one series for each case that several processor models measured, without their offsets."""
    by_case: dict[str, list[Series]] = {}
    for one in known:
        by_case.setdefault(one.case, []).append(one)
    return [_pooled(several, order, threshold) for several in by_case.values() if len(several) > 1]


def _pooled(several: Sequence[Series], order: Mapping[str, int], threshold: Threshold) -> Series:
    points = sorted(
        ((point, one.cpu) for one in several for point in one.points),
        key=lambda each: (order[each[0].commit], each[1]),
    )
    cpus = [cpu for _, cpu in points]
    values = aligned([point.value for point, _ in points], cpus, threshold(several[0].case))
    by_commit: dict[str, list[float]] = {}
    for (point, _), value in zip(points, values, strict=True):
        if math.isfinite(value):
            by_commit.setdefault(point.commit, []).append(value)
    made = tuple(Point(commit, median(found), "") for commit, found in by_commit.items())
    first = several[0]
    return Series(first.case, first.benchmark, first.params, POOLED, made)


def _of_series(
    one: Series, alerts: Mapping[str, Alert], order: Mapping[str, int], anchor: str, threshold: Threshold
) -> Iterator[Nomination]:
    points = one.points[-NEWEST:]
    values = [point.value for point in points]
    limit = threshold(one.case)
    for change in nominate(values, limit):
        if change.size > 0:
            good = points[max(0, change.index - BEFORE)].commit
            bad = points[min(len(points) - 1, change.index + AFTER)].commit
            yield Nomination(one.case, one.benchmark, one.params, good, bad, one.cpu)
    alert = alerts.get(_name(one))
    if anchor not in order or (alert and alert.state in LIVE) or not points:
        return
    recent, level = _since(points, alert, order)
    if creep(recent, level, limit):
        start = alert.bad if alert and alert.state is State.ACCEPTED else anchor
        yield Nomination(one.case, one.benchmark, one.params, start, points[-1].commit, one.cpu, creep=True)


def _since(
    points: Sequence[Point], alert: Alert | None, order: Mapping[str, int]
) -> tuple[list[float], float]:
    """Return the values that creep is looked for in, and the level they are held against."""
    values = [point.value for point in points]
    if alert is None or alert.state is not State.ACCEPTED:
        return values, 0.0
    accepted = order.get(alert.bad, 0)
    after = [point.value for point in points if order[point.commit] >= accepted]
    return after, median(after[:CREEP]) if after else 0.0


def _name(one: Series) -> str:
    return fingerprint(one.benchmark, one.params, TIME, SLOWER)
