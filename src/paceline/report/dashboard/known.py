"""What a dashboard is made of, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from paceline.report.contents import Report
from paceline.results.alert_files import Alert, Note
from paceline.results.hosts import HostHistory
from paceline.results.tracks import Track
from paceline.suite.questions import Question


@dataclass(frozen=True)
class Said:
    """What a repository tells of a commit; all of it is other people's text."""

    subject: str
    author: str
    date: str  # by ISO 8601


@dataclass(frozen=True)
class Known:
    """Everything that the page shows. ``commits`` is by full hash; ``commit_url`` ends before the hash."""

    report: Report
    made: datetime
    project: str = ""
    tracks: Sequence[Track] = ()
    questions: Sequence[Question] = ()
    commits: Mapping[str, Said] = field(default_factory=dict)
    commit_url: str = ""
    alerts: Sequence[Alert] = ()
    notes: Sequence[Note] = ()
    hosts: Mapping[str, HostHistory] = field(default_factory=dict)
    links: Sequence[tuple[str, str]] = ()  # (text, relative address) of what lies beside the page
    warnings: Sequence[str] = ()
