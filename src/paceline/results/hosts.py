"""``results/<machine>/host.jsonl``: the fingerprints of the hosts that measured, by time.

One strict-JSON line for each fingerprint that differs from the same host's line before::

    {"schema": 1, "utc": "2026-01-31T12:00:00Z", "machine": "...", "epoch": "...", "host": {...}}

``host`` is ``Fingerprint.document()``. The file only ever grows. A kill may tear the last line:
it is ignored with a warning, and the next line starts on a line of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from paceline.outcome import Exit, PacelineError
from paceline.output import strict

SCHEMA = 1
FILE = "host.jsonl"


@dataclass(frozen=True)
class HostRecord:
    """A host's fingerprint and the time from which it held."""

    utc: str
    epoch: str
    host: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The host's own name; empty when the line has none."""
        return str(self.host.get("host", ""))


@dataclass(frozen=True)
class HostHistory:
    """The records of one machine in the order they were written, and what could not be read."""

    records: tuple[HostRecord, ...] = ()
    warnings: tuple[str, ...] = ()

    def latest(self, host: str) -> HostRecord | None:
        """Return the last record of one host; None when it has none."""
        return next((record for record in reversed(self.records) if record.name == host), None)


def read_hosts(results: Path, machine: str) -> HostHistory:
    """Read a machine's fingerprints; a file that is not there is an empty history."""
    path = _path(results, machine)
    try:
        return _history(path.read_bytes(), path)
    except FileNotFoundError:
        return HostHistory()
    except OSError as error:
        return HostHistory(warnings=(f"{path} cannot be read: {error.strerror or error}",))


def record_host(results: Path, machine: str, host: Mapping[str, Any], now: datetime | None = None) -> bool:
    """Append a fingerprint if it or its epoch differs from the host's last; tell whether it did.

    ``host`` is ``Fingerprint.document()``. The line is on the disk when this returns. Many processes
    may call it at once. Raises PacelineError when the folder cannot be written.
    """
    path = _path(results, machine)
    document = strict(dict(host))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # compare and append as one step; closing unlocks
            return _append_changed(file, path, machine, document, now or datetime.now(UTC))
    except OSError as error:
        raise PacelineError(f"cannot write {path}: {error.strerror or error}", Exit.FAILED) from error


def _append_changed(file: BinaryIO, path: Path, machine: str, host: dict[str, Any], now: datetime) -> bool:
    file.seek(0)
    content = file.read()
    latest = _history(content, path).latest(str(host.get("host", "")))
    if latest is not None and latest.host == host:
        return False
    line = {
        "schema": SCHEMA,
        "utc": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine,
        "epoch": str(host.get("epoch", "")),
        "host": host,
    }
    torn = b"\n" if content and not content.endswith(b"\n") else b""
    file.write(torn + json.dumps(line, allow_nan=False).encode() + b"\n")
    file.flush()
    os.fsync(file.fileno())
    return True


def _history(content: bytes, path: Path) -> HostHistory:
    records, warnings = [], []
    lines = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        record = _record(line) if line.strip() else None
        if record is not None:
            records.append(record)
        elif line.strip():
            what = "a torn last line" if number == len(lines) else "no fingerprint"
            warnings.append(f"{path}, line {number}: {what}; ignored")
    return HostHistory(tuple(records), tuple(warnings))


def _record(line: bytes) -> HostRecord | None:
    """Read one line; None for what is torn, foreign, or of a schema that we do not know."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("schema") != SCHEMA:
        return None
    utc, epoch, host = entry.get("utc"), entry.get("epoch"), entry.get("host")
    if not isinstance(utc, str) or not isinstance(epoch, str) or not isinstance(host, dict):
        return None
    return HostRecord(utc, epoch, host)


def _path(results: Path, machine: str) -> Path:
    if not machine or machine in (".", "..") or "/" in machine or "\0" in machine:
        raise PacelineError(f"{machine!r} cannot be a machine's name: it names a folder in {results}")
    return results / machine / FILE
