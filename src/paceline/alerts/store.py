"""``results/alerts/<fingerprint>.toml``: one alert a file, that people can read, edit and merge.

What people add to a file (comments, keys of their own) stays there. Nothing in a file names another file: the
file's own name must be the fingerprint that is told in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from paceline.alerts import times
from paceline.alerts.alert import Alert, Event, Sent, State
from paceline.outcome import PacelineError
from paceline.output import strict, write_file
from paceline.results.foreign import positive, scalar

FOLDER = "alerts"
SCHEMA = 1
_NAME = re.compile(r"[0-9a-f]{12}")
_TEXTS = (
    *("fingerprint", "benchmark", "metric", "direction", "case", "good", "bad", "cpu", "subject"),
    *("author", "run", "reason", "fixed_by"),
)
_KINDS: Mapping[Any, str] = {str: "text", bool: "true or false", int: "number", dict: "table", list: "list"}
_FLAGS = ("culprit", "creep", "told")
_NUMBERS = ("ratio", "low", "high")


def read(results: Path) -> dict[str, Alert]:
    """Read all alerts by fingerprint; PacelineError names the file that cannot be understood."""
    found = {}
    for path in sorted((results / FOLDER).glob("*.toml")):
        try:
            one = _alert(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, TypeError, PacelineError) as error:
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
    try:
        text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        write_file(path, _written(text, alert))
    except (OSError, ValueError, TOMLKitError) as error:
        raise PacelineError(f"{path} cannot be read: {error}") from error
    return path


def joined(ours: bytes, before: bytes, theirs: bytes) -> bytes:
    """Return a file that we and others have changed since ``before``, which may be empty.

    What only one side changed is that side's, and what both did is theirs: people's. Events and cases are all
    kept, and so is what was sent, which must not be sent again. A file of theirs that is no alert gives way.
    """
    try:
        first, last = (_alert(tomllib.loads(one.decode("utf-8-sig"))) for one in (ours, theirs))
        then = _alert(tomllib.loads(before.decode("utf-8-sig"))) if before else first
    except (ValueError, TypeError, PacelineError):
        return ours
    changed = {
        key: value
        for key, value in vars(first).items()
        if value != getattr(then, key) and getattr(last, key) == getattr(then, key)
    }
    both = replace(
        replace(last, **changed),
        told=first.told or last.told,
        cases=tuple(sorted({*first.cases, *last.cases})),
        sent={**last.sent, **first.sent},
        events=tuple(sorted({*first.events, *last.events}, key=lambda one: one.utc)),
    )
    return _written(theirs.decode("utf-8-sig"), both)


def _written(text: str, alert: Alert) -> bytes:
    """Return a file's text with what an alert tells; whatever else people have put there stays."""
    document = tomlkit.parse(text)
    for key, value in _document(alert).items():
        if value is None:
            document.pop(key, None)
        elif document.get(key) != value:
            document[key] = value
    return tomlkit.dumps(document).encode("utf-8", "replace")


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
    """Return the alert that a document tells; ValueError says which key is none of ours."""
    if document.get("schema") != SCHEMA:
        raise ValueError(f"its schema is {document.get('schema')!r}, and this paceline reads {SCHEMA}")
    if not _NAME.fullmatch(str(document.get("fingerprint"))):
        raise ValueError(f"{document.get('fingerprint')!r} is no fingerprint")
    plain: dict[str, Any] = {key: _one(document, key, str, "") for key in _TEXTS}
    plain |= {key: _one(document, key, bool, False) for key in _FLAGS}
    plain |= {key: positive(document[key]) if key in document else None for key in _NUMBERS}
    plain |= {"opened": _moment(document, "opened"), "expires": _moment(document, "expires", "")}
    state = State(_one(document, "state", str))
    if state is State.ACCEPTED and not plain["expires"]:
        raise ValueError("accepted, it needs a day: expires = 2026-01-31")
    contenders: dict[str, Any] = _one(document, "contender", dict, {})
    return Alert(
        **plain,
        contender={key: scalar(value) for key, value in contenders.items()},
        state=state,
        cases=_words(document, "cases"),
        pairs=_count(document, "pairs", 0),
        episode=_count(document, "episode", 1),
        counted=_words(document, "counted", []),
        sent={name: _sent(one) for name, one in _one(document, "sent", dict, {}).items()},
        events=tuple(
            Event(_moment(one, "utc"), _one(one, "what", str)) for one in _one(document, "events", list, [])
        ),
    )


def _sent(one: Any) -> Sent:
    return Sent(
        _count(one, "episode"),
        _one(one, "digest", str),
        _one(one, "state", str),
        _one(one, "receipt", str, ""),
    )


def _one(table: Any, key: str, kind: type, otherwise: Any = None) -> Any:
    """Return what a table has under a key, if it is of that kind; without ``otherwise`` it must be there."""
    if not isinstance(table, dict):
        raise TypeError(f"{table!r} is no table")
    value = table.get(key, otherwise)
    if value is None:
        raise ValueError(f"{key} is missing")
    if not isinstance(value, kind):
        raise TypeError(f"{key} is {value!r}, which is no {_KINDS.get(kind, 'date')}")
    return value


def _count(table: Any, key: str, least: int = 1) -> int:
    value = _one(table, key, int, least)
    if isinstance(value, bool) or value < least:
        raise ValueError(f"{key} is {value!r}, which is no number from {least} on")
    return int(value)


def _words(table: Any, key: str, otherwise: Any = None) -> tuple[str, ...]:
    found = _one(table, key, list, otherwise)
    if not all(isinstance(one, str) for one in found):
        raise ValueError(f"{key} is {found!r}, which is no list of texts")
    return tuple(found)


def _moment(table: Any, key: str, otherwise: str | None = None) -> str:
    """Return a moment as we write it; people write dates, with quotation marks or without."""
    value = _one(table, key, (str, date), otherwise)  # type: ignore[arg-type]
    text = value if isinstance(value, str) else value.isoformat()
    return text if text == otherwise else times.told(times.read(text))
