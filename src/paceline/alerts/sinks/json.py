"""All alerts as one strict-JSON document, ``"schema": 1``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from paceline.alerts.alert import Alert, precision
from paceline.output import strict

PATH = "reports/alerts.json"
SCHEMA = 1


def render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes:
    """Return the document; what was sent where stays out of it."""
    return (json.dumps(strict(document(book)), indent=2, allow_nan=False) + "\n").encode()


def document(book: Mapping[str, Alert]) -> dict[str, Any]:
    """Return the alerts and the precision as JSON has them."""
    right, told = precision(book)
    return {
        "schema": SCHEMA,
        "open": sum(one.open for one in book.values()),
        "precision": {"right": right, "told": told},
        "alerts": [alert_document(one) for one in sorted(book.values(), key=lambda one: one.fingerprint)],
    }


def alert_document(alert: Alert) -> dict[str, Any]:
    """Return one alert."""
    told = asdict(alert)
    told.pop("sent")
    return {**told, "state": str(alert.state), "contender": dict(alert.contender)}
