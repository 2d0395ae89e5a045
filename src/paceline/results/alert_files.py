"""``results/alerts/*.toml`` and ``results/notes.toml``, as a reader needs them; other keys are left alone.

An alert is one file, written by ``paceline.alerts``; of what it holds a page shows::

    state = "confirmed"               # "confirmed" and "acknowledged" are open: somebody has to act on them
    benchmark = "hydrology.GR6J.time_run"
    cases = ["hydrology.GR6J.time_run(implementation='numba_jit', n=365)"]
    ratio = 1.3                       # bad / good: above 1 is slower; with its interval in low and high
    good = "<commit>"                 # the last without it, and in bad the first with it
    subject = "..."                   # of the commit; and author, reason, cpu, opened
    [contender]
    implementation = "numba_jit"

Here it is read for display only, and tolerantly: what cannot be read costs a warning, not the page.

A note is an event that people should see beside the figures::

    [[note]]
    date = 2026-01-31                 # or commit = "<hash>"
    text = "NumPy 2.4"
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from paceline.results.foreign import mapping, scalar, text
from paceline.results.measurements import Scalar

FOLDER, NOTES = "alerts", "notes.toml"
LIVE = ("confirmed", "acknowledged")


@dataclass(frozen=True)
class Alert:
    """A change that somebody must know of; figures are None and texts empty where the file has none."""

    name: str
    state: str
    benchmark: str
    cases: tuple[str, ...] = ()
    params: Mapping[str, Scalar] = field(default_factory=dict)
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    good: str = ""
    bad: str = ""
    opened: datetime | None = None
    reason: str = ""
    cpu: str = ""
    subject: str = ""
    author: str = ""

    @property
    def live(self) -> bool:
        """Whether somebody still has to act on it."""
        return self.state in LIVE

    def concerns(self, benchmark: str, params: Mapping[str, Scalar]) -> bool:
        """Whether a case is one of those that showed it; all of the contender's, where it names none."""
        if benchmark != self.benchmark or any(
            params.get(name) != value for name, value in self.params.items()
        ):
            return False
        rest = [f"{name}={value!r}" for name, value in params.items() if name not in self.params]
        return not self.cases or any(
            all(f"{one}," in case or f"{one})" in case for one in rest) for case in self.cases
        )


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
    made = [_note(mapping(one)) for one in _list((document or {}).get("note"))]
    kept = tuple(one for one in made if one.text and (one.when or one.commit))
    if len(kept) < len(made):
        warnings.append(f"{NOTES}: {len(made) - len(kept)} notes lack a text, or a date or commit; left out")
    return kept


def _document(path: Path, warnings: list[str]) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        warnings.append(f"{path.parent.name}/{path.name}: cannot be read ({error}); left out")
        return None


def _alert(name: str, document: Mapping[str, Any]) -> Alert:
    ratio, low, high = (_figure(document.get(key)) for key in ("ratio", "low", "high"))
    return Alert(
        name,
        text(document.get("state")) or LIVE[0],
        text(document.get("benchmark")),
        tuple(text(one) for one in _list(document.get("cases"))),
        {key: scalar(value) for key, value in mapping(document.get("contender")).items()},
        ratio,
        low,
        high,
        text(document.get("good")),
        text(document.get("bad")),
        _when(document.get("opened")),
        *(text(document.get(key)) for key in ("reason", "cpu", "subject", "author")),
    )


def _note(document: Mapping[str, Any]) -> Note:
    return Note(text(document.get("text")), _when(document.get("date")), text(document.get("commit")))


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


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
