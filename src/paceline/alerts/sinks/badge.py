"""A badge as shields.io's endpoint reads it: ``https://img.shields.io/endpoint?url=...``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from paceline.alerts.alert import Alert

PATH = "reports/badge.json"


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return schemaVersion, label, message and colour."""
    count = sum(one.open for one in book.values())
    told = "no slow-down" if count == 0 else f"{count} slower"
    document = {
        "schemaVersion": 1,
        "label": str(settings.get("label", "performance"))[:40],
        "message": told,
        "color": "red" if count else "brightgreen",
    }
    return (json.dumps(document) + "\n").encode()
