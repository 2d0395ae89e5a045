"""What asv writes, as far as Python has it: its files as documents, their rows by column, its numbers.

``asv_files`` makes measurements of it, ``asv_columns`` whole columns of numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from paceline.results.foreign import mapping


class UnreadableError(Exception):
    """One file, or one benchmark in it, cannot be used; the text says why."""


def rows_of(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each benchmark's row by column name; dropped trailing columns are simply absent."""
    columns = [str(column) for column in items(document.get("result_columns"))]
    results = mapping(document["results"]).items()
    return {
        str(name): dict(zip(columns, row, strict=False)) if isinstance(row, list) else {}
        for name, row in results
    }


def number_of(value: Any) -> float | None:
    """Return a number, NaN and infinities too; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf


def finite(value: Any) -> float | None:
    """Return a finite number; None for anything else."""
    number = number_of(value)
    return number if number is not None and math.isfinite(number) else None


def loaded(path: Path) -> dict[str, Any]:
    """Read one file; UnreadableError when it is no object of JSON, or of what asv takes for it."""
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise UnreadableError(error.strerror or str(error)) from error
    except RecursionError as error:
        raise UnreadableError("not JSON: nested too deeply") from error
    except ValueError as error:
        raise UnreadableError(f"not JSON, torn or foreign ({error})") from error
    if not isinstance(document, dict):
        raise UnreadableError("not a JSON object")
    return document


def short(path: Path) -> str:
    """Name a file without the folders of the machine that reads it."""
    return f"{path.parent.name}/{path.name}"


def moment(value: Any) -> datetime | None:
    """Return asv's JavaScript timestamp (milliseconds since 1970) as a moment."""
    number = finite(value)
    try:
        return None if number is None else datetime.fromtimestamp(number / 1000, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def items(value: Any) -> Sequence[Any]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, list) else ()
