"""``results/alerts/*.toml`` and ``results/notes.toml``, as a reader needs them; other keys are left alone.

An alert is one file; its stem is the fingerprint::

    schema = 1
    state = "open"                    # any word; "open" and "acknowledged" are shown first
    machine = "..."  environment = "..."  benchmark = "hydrology.GR6J.time_run"
    ratio = 1.3  low = 1.28  high = 1.32        # after / before: above 1 is slower
    last_good = "<commit>"  first_bad = "<commit>"  opened = 2026-01-31T12:00:00Z  reason = "..."
    [params]
    implementation = "numba_jit"
    n = 365

A note is an event that people should see beside the figures::

    [[note]]
    date = 2026-01-31                 # or commit = "<hash>"
    text = "NumPy 2.4"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from paceline.results.foreign import mapping, scalar, text
from paceline.results.measurements import Scalar

FOLDER, NOTES = "alerts", "notes.toml"
LIVE = ("open", "acknowledged")


@dataclass(frozen=True)
class Alert:
    """A change that somebody must know of; figures are None and texts empty where the file has none."""

    name: str
    state: str
    benchmark: str
    machine: str = ""
    environment: str = ""
    params: Mapping[str, Scalar] = field(default_factory=dict)
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    last_good: str = ""
    first_bad: str = ""
    opened: datetime | None = None
    reason: str = ""

    @property
    def live(self) -> bool:
        """Whether somebody still has to look at it."""
        return self.state in LIVE


@dataclass(frozen=True)
class Note:
    """An event, at a time or a commit."""

    text: str
    when: datetime | None = None
    commit: str = ""


def alerts(results: Path, warnings: list[str]) -> tuple[Alert, ...]:
    """Read all alerts, by name; a file that is none costs a warning and itself."""
    found = []
    for path in sorted((results / FOLDER).glob("*.toml")):
        document = _document(path, warnings)
        if document is not None and not text(document.get("benchmark")):
            warnings.append(f"{FOLDER}/{path.name}: names no benchmark; left out")
        elif document is not None:
            found.append(_alert(path.stem, document))
    return tuple(found)


def notes(results: Path, warnings: list[str]) -> tuple[Note, ...]:
    """Read the notes, in the file's order; one without a text, a date or a commit costs a warning."""
    path = results / NOTES
    document = _document(path, warnings) if path.exists() else None
    found = (document or {}).get("note", [])
    made = [_note(mapping(one)) for one in (found if isinstance(found, list) else [found])]
    kept = tuple(one for one in made if one.text and (one.when or one.commit))
    if len(kept) < len(made):
        warnings.append(f"{NOTES}: {len(made) - len(kept)} notes lack a text, or a date or commit; left out")
    return kept


def _document(path: Path, warnings: list[str]) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode())
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(f"{path.parent.name}/{path.name}: cannot be read ({error}); left out")
        return None


def _alert(name: str, document: Mapping[str, Any]) -> Alert:
    ratio, low, high = (_figure(document.get(key)) for key in ("ratio", "low", "high"))
    return Alert(
        name,
        text(document.get("state")) or "open",
        text(document.get("benchmark")),
        text(document.get("machine")),
        text(document.get("environment")),
        {key: scalar(value) for key, value in mapping(document.get("params")).items()},
        ratio,
        low,
        high,
        text(document.get("last_good")),
        text(document.get("first_bad")),
        _when(document.get("opened")),
        text(document.get("reason")),
    )


def _note(document: Mapping[str, Any]) -> Note:
    return Note(text(document.get("text")), _when(document.get("date")), text(document.get("commit")))


def _figure(value: Any) -> float | None:
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    return number if 0 < number < math.inf else None


def _when(value: Any) -> datetime | None:
    """Return a date or a time of TOML, or a text in ISO 8601, as a moment of UTC."""
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
        return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None
    except ValueError:
        return None
