"""Tracks as charts: one line an implementation, a chart for every value of the other parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from paceline.report.dashboard.moves import Move, move
from paceline.report.grids import ROW
from paceline.results.alert_files import Alert
from paceline.results.asv_columns import FAILED
from paceline.results.hosts import HostHistory
from paceline.results.measurements import Scalar
from paceline.results.tracks import Case, Track

POINTS = 2_500_000  # as many are embedded: about 11 MB
FEWEST = 24  # points of a series that is thinned out


@dataclass(frozen=True, eq=False)
class Line:
    """One case over the commits: ``rows`` are its runs' places in the track; NaN has failed."""

    case: Case
    rows: NDArray[np.int64]
    figures: NDArray[np.float32]  # (value, low, high) by row
    move: Move | None = None
    alerts: tuple[str, ...] = ()
    thinned: int = 0  # points that were left out

    @property
    def implementation(self) -> str:
        """The implementation's name; empty where the benchmark has no such parameter."""
        return str(self.case.params.get(ROW, ""))


@dataclass(frozen=True)
class Chart:
    """The lines of one benchmark on one track that differ by implementation only."""

    id: str
    track: int
    benchmark: str
    unit: str
    kind: str
    params: Mapping[str, Scalar]
    lines: tuple[Line, ...]


def charts(tracks: Sequence[Track], epochs: Sequence[Sequence[int]], alerts: Sequence[Alert]) -> list[Chart]:
    """Return every chart that has a point; ``epochs`` has the epoch of every run of every track."""
    processors = {track.machine.cpu for track in tracks}
    return [
        chart
        for place, track in enumerate(tracks)
        for chart in _of_track(place, track, np.array(epochs[place]), _alerts_of(track, alerts, processors))
    ]


def _alerts_of(track: Track, alerts: Sequence[Alert], processors: Set[str]) -> dict[str, list[Alert]]:
    """Return the alerts that may be about a track by benchmark: of its processor, or of none that is here."""
    found: dict[str, list[Alert]] = {}
    for alert in alerts:
        if alert.cpu == track.machine.cpu or alert.cpu not in processors:
            found.setdefault(alert.benchmark, []).append(alert)
    return found


def thin(found: Sequence[Chart], points: int = POINTS) -> list[Chart]:
    """Leave points out until as many are left: of charts without an alert or a move, between extremes."""
    total = sum(len(line.rows) for chart in found for line in chart.lines)
    if total <= points:
        return list(found)
    whole = [any(line.move or line.alerts for line in chart.lines) for chart in found]
    needed = sum(
        len(line.rows) for chart, keep in zip(found, whole, strict=True) if keep for line in chart.lines
    )
    others = sum(len(chart.lines) for chart, keep in zip(found, whole, strict=True) if not keep)
    each = max(FEWEST, (points - needed) // max(1, others))
    return [
        chart if keep else replace(chart, lines=tuple(_thinned(line, each) for line in chart.lines))
        for chart, keep in zip(found, whole, strict=True)
    ]


def epochs_of(track: Track, history: HostHistory | None) -> list[int]:
    """Return for every run the place of the host's last record before it was measured; -1 for none.

    Ratios that were raced cross epochs: theirs have none.
    """
    if track.anchor:
        return [-1] * len(track.runs)
    records = history.records if history else ()
    times = np.array([_utc(record.utc) for record in records], np.float64)
    order = np.argsort(times, kind="stable")
    measured = [(run.measured or run.date).timestamp() for run in track.runs]
    at = np.searchsorted(times[order], np.array(measured, np.float64), side="right") - 1
    places = [int(order[one]) if one >= 0 else -1 for one in at]
    first = {record.epoch: place for place, record in reversed(list(enumerate(records)))}
    return [first[records[place].epoch] if place >= 0 else -1 for place in places]


def _utc(text: str) -> float:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return 0.0
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _of_track(
    place: int, track: Track, epochs: NDArray[np.int64], alerts: Mapping[str, Sequence[Alert]]
) -> Iterator[Chart]:
    groups: dict[tuple[str, tuple[tuple[str, Scalar], ...]], list[int]] = {}
    for column, case in enumerate(track.cases):
        others = tuple((name, value) for name, value in case.params.items() if name != ROW)
        groups.setdefault((case.benchmark, others), []).append(column)
    for (benchmark, others), columns in groups.items():
        lines = [_line(track, column, epochs, alerts.get(benchmark, ())) for column in columns]
        kept = tuple(line for line in lines if len(line.rows))
        if kept:
            first = kept[0].case
            name = "\0".join((track.machine.name, track.environment, benchmark, repr(others)))
            yield Chart(short_id(name), place, benchmark, first.unit, first.kind, dict(others), kept)


def short_id(name: str) -> str:
    """Return a short, stable name for an address."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:10]


def _line(track: Track, column: int, epochs: NDArray[np.int64], alerts: Sequence[Alert]) -> Line:
    case = track.cases[column]
    figures = track.figures[:, :, column]
    there = ~np.isnan(figures[0]) | (track.status[:, column] == FAILED)
    rows = np.flatnonzero(there)
    mine = tuple(alert.name for alert in alerts if alert.concerns(case.benchmark, case.params))
    return Line(case, rows, figures[:, rows], _move(rows, figures[0], epochs), mine)


def _move(rows: NDArray[np.int64], values: NDArray[np.float32], epochs: NDArray[np.int64]) -> Move | None:
    """Look at what was measured in the last epoch only; the place is among the rows of the line."""
    if not len(rows):
        return None
    fine = np.flatnonzero(np.isfinite(values[rows]) & (epochs[rows] == epochs[rows[-1]]))
    found = move(values[rows[fine]].astype(np.float64))
    return Move(found.ratio, int(fine[found.at])) if found else None


def _thinned(line: Line, points: int) -> Line:
    """Keep the first, the last, and the extremes of pieces of equal length; what failed counts as highest."""
    count = len(line.rows)
    if count <= points:
        return line
    pieces = max(1, (points - 2) // 2)
    size = -(-count // pieces)
    values = np.nan_to_num(line.figures[0].astype(np.float64), nan=np.inf)
    padded = np.pad(values, (0, pieces * size - count), mode="edge").reshape(pieces, size)
    starts = np.arange(pieces) * size
    kept = np.concatenate([[0, count - 1], starts + padded.argmin(axis=1), starts + padded.argmax(axis=1)])
    places = np.unique(np.minimum(kept, count - 1))
    return replace(line, rows=line.rows[places], figures=line.figures[:, places], thinned=count - len(places))
