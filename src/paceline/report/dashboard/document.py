"""The page's data: one document of plain values, and the numbers of all lines, packed beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from paceline import __version__
from paceline.report.dashboard import pack
from paceline.report.dashboard.charts import Chart, charts, epochs_of, thin
from paceline.report.dashboard.known import Known
from paceline.report.dashboard.ratios import sections
from paceline.report.dashboard.texts import text, value
from paceline.report.grids import ROW
from paceline.report.style import look
from paceline.results.tracks import Track

SCHEMA = 1
Blocks = dict[str, str]


@dataclass(frozen=True)
class _Commits:
    """Every commit that the page names gets a number."""

    places: dict[str, int]
    dates: list[float]

    def place(self, commit: str, date: float) -> int:
        if commit not in self.places:
            self.places[commit] = len(self.dates)
            self.dates.append(date)
        return self.places[commit]


def blocks(known: Known) -> Blocks:
    """Return the packed parts of the page by name: ``meta``, and the columns of all lines."""
    epochs = [epochs_of(track, known.hosts.get(track.machine.name)) for track in known.tracks]
    drawn = thin(charts(known.tracks, epochs, known.alerts))
    commits = _Commits({}, [])
    tracks = [_track(track, epochs[place], commits) for place, track in enumerate(known.tracks)]
    names = dict(sorted(_named(known).items()))
    meta = {
        "schema": SCHEMA,
        "project": text(known.project),
        "made": known.made.isoformat(),
        "paceline": __version__,
        "commit_url": known.commit_url,
        "implementations": {text(name): _look(name) for name in _implementations(known, drawn)},
        "sections": sections(known.report),
        "tracks": tracks,
        "charts": [_chart(chart, names) for chart in drawn],
        "commits": _told(commits, known),
        "alerts": [_alert(alert) for alert in known.alerts],
        "notes": [
            {
                "text": text(note.text),
                "when": note.when.timestamp() * 1000 if note.when else None,
                "commit": note.commit,
            }
            for note in known.notes
        ],
        "hosts": {text(name): _host(history) for name, history in known.hosts.items()},
        "links": [list(link) for link in known.links],
        "warnings": [text(warning) for warning in (*known.report.warnings, *known.warnings)][:200],
    }
    return {"meta": pack.document(meta), **_columns(drawn)}


def _columns(drawn: Sequence[Chart]) -> Blocks:
    """Return the lines' numbers one after the other, in the order of the charts."""
    lines = [line for chart in drawn for line in chart.lines]
    if not lines:
        return {}
    steps = [np.diff(line.rows, prepend=0) for line in lines]
    figures = np.concatenate([line.figures for line in lines], axis=1)
    return {
        "steps": pack.whole(np.concatenate(steps).astype(np.uint16)),
        "values": pack.floats(figures[0]),
        "below": pack.packed(pack.spread(figures[0], figures[1]).tobytes()),
        "above": pack.packed(pack.spread(figures[0], figures[2]).tobytes()),
    }


def _named(known: Known) -> Mapping[str, tuple[str, str]]:
    """Return (model, family) by the beginning of a benchmark's name."""
    return {question.key: (question.model, question.family) for question in known.questions}


def _chart(chart: Chart, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    key, _, function = chart.benchmark.rpartition(".")
    model, family = names.get(key, (key or chart.benchmark, chart.benchmark.partition(".")[0]))
    return {
        "id": chart.id,
        "track": chart.track,
        "benchmark": text(chart.benchmark),
        "model": text(model),
        "family": text(family),
        "function": text(function),
        "unit": text(chart.unit),
        "kind": chart.kind,
        "params": {text(name): value(one) for name, one in chart.params.items()},
        "lines": [list(_line(line)) for line in chart.lines],
    }


def _line(line: Any) -> Iterator[Any]:
    """Yield name, number of points, points left out, move as [ratio, place] or null, names of alerts."""
    yield text(line.implementation)
    yield len(line.rows)
    yield line.thinned
    yield [line.move.ratio, line.move.at] if line.move else None
    yield list(line.alerts)


def _track(track: Track, epochs: Sequence[int], commits: _Commits) -> dict[str, Any]:
    first = track.runs[0]
    return {
        "machine": text(track.machine.name),
        "cpu": text(track.machine.cpu),
        "environment": text(track.environment),
        "python": text(first.python),
        "requirements": {text(name): text(one) for name, one in first.requirements.items()},
        "commits": [commits.place(run.commit, run.date.timestamp() * 1000) for run in track.runs],
        "measured": [run.measured.timestamp() * 1000 if run.measured else None for run in track.runs],
        "epochs": list(epochs),
        "anchor": track.anchor,
    }


def _told(commits: _Commits, known: Known) -> dict[str, Any]:
    said = [known.commits.get(commit) for commit in commits.places]
    return {
        "hash": list(commits.places),
        "date": commits.dates,
        "subject": [text(one.subject) if one else "" for one in said],
        "author": [text(one.author, 80) if one else "" for one in said],
    }


def _alert(alert: Any) -> dict[str, Any]:
    return {
        "name": text(alert.name),
        "state": text(alert.state, 40),
        "live": alert.live,
        "benchmark": text(alert.benchmark),
        "cases": [text(case) for case in alert.cases[:100]],
        "cpu": text(alert.cpu),
        "subject": text(alert.subject),
        "author": text(alert.author),
        "params": {text(name): value(one) for name, one in alert.params.items()},
        "ratio": alert.ratio,
        "low": alert.low,
        "high": alert.high,
        "good": text(alert.good),
        "bad": text(alert.bad),
        "opened": alert.opened.timestamp() * 1000 if alert.opened else None,
        "reason": text(alert.reason),
    }


def _host(history: Any) -> list[dict[str, Any]]:
    return [
        {
            "utc": text(record.utc, 40),
            "epoch": text(record.epoch, 40),
            "facts": {text(name): value(one) for name, one in record.host.items() if value is not None},
        }
        for record in history.records
    ]


def _look(name: str) -> dict[str, Any]:
    own = look(name)
    dash = [] if isinstance(own.dash, str) else [round(2 * part) for part in own.dash[1]]
    return {"colour": own.colour, "marker": own.marker, "dash": dash}


def _implementations(known: Known, drawn: Sequence[Chart]) -> list[str]:
    """Return every implementation's name, in the order of the suite."""
    tables = (table for section in known.report.sections for table in (*section.tables, *section.startup))
    rows = (row.implementation for table in tables for row in table.rows)
    lines = (line.implementation for chart in drawn for line in chart.lines if ROW in line.case.params)
    return list(dict.fromkeys((*rows, *lines)))
