"""A webhook that understands what Slack's incoming webhooks do: ``{"text": "..."}``.

``url_env`` names the environment variable that holds the address: who knows it can post, so it is a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.alerts import telling
from paceline.alerts.sinks import seconds, secret
from paceline.alerts.sinks._http import request
from paceline.alerts.telling import Message

EDITS = False
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # Slack's own: <...> would be a link or a call of people


def preview(message: Message, settings: Mapping[str, Any]) -> str:
    """Return the text that is posted."""
    told = telling.text(message)
    return "".join(_SPECIAL.get(character, character) for character in told).replace("`", "'")


def send(message: Message, settings: Mapping[str, Any], receipt: str) -> str:
    """Post it; a peer that knows idempotency keys can tell a second one."""
    headers = {"Idempotency-Key": message.key}
    document = {"text": preview(message, settings)}
    request("POST", secret(settings, "url_env", "PACELINE_WEBHOOK_URL"), document, headers, seconds(settings))
    return message.key
