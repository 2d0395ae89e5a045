"""Files of one strict-JSON object a line that only ever grow: read, mended and appended to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from paceline.outcome import PacelineError
from paceline.output import strict


def entry(line: bytes) -> dict[str, Any] | None:
    """Read one line; None for what is torn or foreign."""
    try:
        found = json.loads(line.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def written(document: dict[str, Any]) -> bytes:
    """Return a document as a line; NaN and infinities become null."""
    return json.dumps(strict(document), allow_nan=False).encode() + b"\n"


def mend(file: int) -> int:
    """Cut a torn last line off, or end a whole one; return the size, where the next line will start."""
    size = os.fstat(file).st_size
    if size == 0 or os.pread(file, 1, size - 1) == b"\n":
        return size
    content = os.pread(file, size, 0)
    start = content.rfind(b"\n") + 1
    if entry(content[start:]) is None:
        os.ftruncate(file, start)
        return start
    write_all(file, b"\n")
    return size + 1


def write_all(file: int, line: bytes) -> None:
    """Write every byte, in as many pieces as the system wants."""
    while line:
        line = line[os.write(file, line) :]


def machine_folder(results: Path, machine: str) -> Path:
    """Return the folder of a machine; a name that would lead elsewhere is refused."""
    if not machine or machine in (".", "..") or "/" in machine or "\0" in machine:
        raise PacelineError(f"{machine!r} cannot be a machine's name: it names a folder in {results}")
    return results / machine


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and infinities are no JSON
