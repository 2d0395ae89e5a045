"""What is open, as plain lines for a terminal or a log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.alert import Alert, precision

PATH = ""  # printed, unless a path is set
MOST = 30


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return a line for each open alert, the largest first, and how often alerts were right."""
    alerts = sorted((one for one in book.values() if one.open), key=lambda one: -one.change)
    lines = [
        f"{one.fingerprint}  {telling.what(one)}: {telling.change(one)}, {telling.since(one)}"
        for one in alerts[:MOST]
    ]
    more = [f"and {len(alerts) - MOST} more"] if len(alerts) > MOST else []
    right, told = precision(book)
    counted = f"; {right} of {told} that were ever told were right" if told else ""
    return "\n".join([*lines, *more, f"{len(alerts)} open alerts{counted}", ""]).encode()
