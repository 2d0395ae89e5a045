"""What is open, and what was closed last, as Markdown: for a job's summary or a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.alert import LIVE, Alert, precision

PATH = "reports/alerts.md"
MOST, CLOSED = 50, 20


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return a page with two tables; every text of a suite or a commit is escaped."""
    link = str(settings.get("link", ""))
    open_ = sorted((one for one in book.values() if one.open), key=lambda one: -one.change)
    closed = [one for one in book.values() if one.state not in LIVE and one.told]
    closed = sorted(closed, key=lambda one: one.events[-1].utc if one.events else "", reverse=True)
    right, told = precision(book)
    lines = ["# Alerts", ""]
    lines += telling.markdown_table(open_[:MOST], link) if open_ else ["Nothing is known to be slower."]
    if len(open_) > MOST:
        lines += ["", f"and {len(open_) - MOST} more: `paceline alerts list`"]
    if closed:
        lines += ["", "## Closed", "", *telling.markdown_table(closed[:CLOSED], link)]
    if told:
        lines += ["", f"Of {told} alerts that were told, {right} were right ({right / told:.0%})."]
    return ("\n".join(lines) + "\n").encode()
