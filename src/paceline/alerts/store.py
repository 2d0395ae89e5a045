"""``results/alerts/<fingerprint>.toml``: one alert a file, that people can read, edit and merge.

What people add to a file (comments, keys of their own) stays there. Nothing in a file names another file: the
file's own name must be the fingerprint that is told in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from paceline.alerts.alert import Alert, Event, Sent, State
from paceline.outcome import PacelineError
from paceline.output import strict, write_file
from paceline.results.foreign import mapping, positive, scalar, text

FOLDER = "alerts"
SCHEMA = 1
_NAME = re.compile(r"[0-9a-f]{12}")
_TEXTS = (
    *("fingerprint", "benchmark", "metric", "direction", "case", "good", "bad", "opened", "cpu", "subject"),
    *("author", "run", "reason", "expires", "fixed_by"),
)
_FLAGS = ("culprit", "creep", "told")
_NUMBERS = ("ratio", "low", "high")


def read(results: Path) -> dict[str, Alert]:
    """Read all alerts by fingerprint; PacelineError names the file that cannot be understood."""
    found = {}
    for path in sorted((results / FOLDER).glob("*.toml")):
        try:
            one = _alert(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise PacelineError(
                f"{path} is no alert that can be read: {error}; mend it (conflict marks?), or remove it"
            ) from error
        if one.fingerprint != path.stem:
            raise PacelineError(f"{path} holds the alert {one.fingerprint!r}: a file is called by its own")
        found[one.fingerprint] = one
    return found


def write(results: Path, alert: Alert) -> Path:
    """Write an alert; the file is whole or as it was."""
    if not _NAME.fullmatch(alert.fingerprint):
        raise ValueError(f"{alert.fingerprint!r} is no fingerprint")
    path = results / FOLDER / f"{alert.fingerprint}.toml"
    document = tomlkit.document()
    if path.is_file():
        try:
            document = tomlkit.parse(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TOMLKitError) as error:
            raise PacelineError(f"{path} cannot be read: {error}") from error
    for key, value in _document(alert).items():
        if value is None:
            document.pop(key, None)
        elif document.get(key) != value:
            document[key] = value
    write_file(path, tomlkit.dumps(document).encode("utf-8", "replace"))
    return path


def _document(alert: Alert) -> dict[str, Any]:
    """Return an alert as TOML has it: None is left out, and what is longest comes last."""
    told = {"schema": SCHEMA, **asdict(alert)}
    told["state"] = str(alert.state)
    told["cases"], told["counted"] = list(alert.cases), list(alert.counted)
    events = told.pop("events")
    for key in ("contender", "sent"):
        told[key] = {name: value for name, value in told.pop(key).items() if value is not None}
    told["events"] = list(events)
    return {key: strict(value) for key, value in told.items()}


def _alert(document: Mapping[str, Any]) -> Alert:
    if document.get("schema") != SCHEMA:
        raise ValueError(f"schema {document.get('schema')!r}: a newer paceline reads it")
    name = text(document.get("fingerprint"))
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no fingerprint")
    plain: dict[str, Any] = {key: text(document.get(key)) for key in _TEXTS}
    plain |= {key: document.get(key) is True for key in _FLAGS}
    plain |= {key: positive(document[key]) if key in document else None for key in _NUMBERS}
    return Alert(
        **plain,
        contender={str(key): scalar(value) for key, value in mapping(document.get("contender")).items()},
        state=State(document["state"]),
        cases=tuple(map(str, document["cases"])),
        pairs=int(document.get("pairs", 0)),
        episode=int(document.get("episode", 1)),
        counted=tuple(map(str, document.get("counted", ()))),
        sent={str(name): _sent(one) for name, one in mapping(document.get("sent")).items()},
        events=tuple(Event(str(one["utc"]), str(one["what"])) for one in document.get("events", ())),
    )


def _sent(one: Mapping[str, Any]) -> Sent:
    return Sent(int(one["episode"]), str(one["digest"]), str(one["state"]), text(one.get("receipt")))
