"""Where alerts are sent: one file a sink, and the file is the registration.

A sink that writes a file has ``PATH`` (where, if nothing is said) and

    render(book: Mapping[str, Alert], settings: Mapping[str, Any], now: str) -> bytes

which is called again at every update. One that sends has ``EDITS`` (whether what was sent can be edited: it
is then given each alert by itself, again whenever its words change, also when it is closed) and

    preview(message: Message, settings: Mapping[str, Any]) -> str
    send(message: Message, settings: Mapping[str, Any], receipt: str) -> str

``send`` returns how the peer calls it (a receipt), and raises ``RefusedError`` when it surely did not arrive,
``UnknownError`` when it may have. Settings are the section ``[alerts.sinks.<name>]`` of ``paceline.toml``;
secrets are read from environment variables that ``..._env`` names, by ``secret`` below.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

from paceline.outcome import PacelineError

_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]*")


class RefusedError(Exception):
    """It surely did not arrive. ``again``: whether another attempt may help; ``wait``: seconds asked for.

    ``status`` is HTTP's, where there is one.
    """

    def __init__(self, message: str, again: bool = False, wait: float = 0.0, status: int = 0) -> None:
        super().__init__(message)
        self.again, self.wait, self.status = again, wait, status


class UnknownError(Exception):
    """It may or may not have arrived: it is not sent again."""


def secret(settings: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return what the environment variable holds that a setting names.

    Errors tell its name at most, and only where it looks like one: people put the secret itself there.
    """
    name = settings.get(key, default)
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
        raise PacelineError(
            f"paceline.toml: {key} must name an environment variable, such as PACELINE_SECRET"
        )
    value = os.environ.get(name, "").strip()  # a line's end comes along easily
    if not value:
        raise PacelineError(f"the environment variable {name} is not set ({key} in paceline.toml)")
    return value


def setting(settings: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Return a setting that is a text; PacelineError names the one that is missing or none."""
    value = settings.get(key, default)
    if not isinstance(value, str) or not value or any(ord(character) < 32 for character in value):
        raise PacelineError(f"paceline.toml: {key} of this sink must be a text on one line, not {value!r}")
    return value


def seconds(settings: Mapping[str, Any]) -> float:
    """Return how long a peer may take for one answer."""
    value = settings.get("timeout", 20.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 600:
        raise PacelineError(f"paceline.toml: timeout must be seconds, not {value!r}")
    return float(value)
