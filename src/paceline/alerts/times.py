"""Moments as alerts hold them: UTC by ISO 8601, to the second, so that texts sort by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from paceline.outcome import PacelineError

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def told(moment: datetime) -> str:
    """Return a moment as text."""
    return moment.astimezone(UTC).strftime(FORMAT)


def read(text: str) -> datetime:
    """Return the moment that a text tells; a date alone is its beginning."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise PacelineError(f"{text!r} is no date; write 2026-01-31") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def after(text: str, span: timedelta) -> str:
    """Return the moment that lies so long after another."""
    try:
        return told(read(text) + span)
    except OverflowError:
        return "9999-12-31T00:00:00Z"
