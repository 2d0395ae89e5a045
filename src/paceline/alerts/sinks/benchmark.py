"""Ratios as github-action-benchmark reads them with ``tool: customSmallerIsBetter``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from paceline.alerts.alert import LIVE, Alert
from paceline.escape import plain

PATH = "reports/benchmark.json"


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return a list of name, unit and value: every alert whose ratio is known, 1 once it is closed."""
    entries = [_entry(one) for one in sorted(book.values(), key=lambda one: one.fingerprint) if one.ratio]
    return (json.dumps(entries, indent=2, allow_nan=False) + "\n").encode()


def _entry(alert: Alert) -> dict[str, Any]:
    live = alert.state in LIVE
    entry: dict[str, Any] = {
        "name": f"{plain(alert.case, 160)} [{alert.fingerprint}]",
        "unit": "ratio",
        "value": alert.ratio if live else 1.0,
    }
    if live and alert.low is not None and alert.high is not None:
        entry["range"] = f"{(alert.high - alert.low) / 2:.4f}"
    return entry
