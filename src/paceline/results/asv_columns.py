"""One result file of asv as columns of numbers: what the cache keeps, and a history is drawn from.

Nothing here knows ``benchmarks.json``: names of parameters, units and comparable versions are put to the
numbers when they are asked for, since they may change without the result files.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from paceline.results.asv_document import items, number_of, rows_of
from paceline.results.asv_files import MOST_CASES

NONE, MEASURED, FAILED, SKIPPED = range(4)
_PLAIN = {float, int, NoneType}
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Columns:
    """A file's rows one after the other: ``shapes`` says what they are, one text a benchmark.

    A shape is the JSON of [benchmark, version or null, [[repr, ...], ...]]. ``figures`` is
    (value, low, high) by case, float32, NaN for none; ``status`` is NONE, MEASURED, FAILED or SKIPPED.
    """

    shapes: tuple[str, ...]
    figures: Floats
    status: NDArray[np.uint8]


def columns(document: Mapping[str, Any]) -> Columns:
    """Return what a file holds; rows that cannot be read are left out."""
    shapes, figures, status = [], [], []
    for name, row in rows_of(document).items():
        axes = [[str(value) for value in items(axis)] for axis in items(row.get("params"))]
        count = math.prod(map(len, axes))
        if not isinstance(row.get("params"), list) or count > MOST_CASES:
            continue
        found = [_numbers(row.get(key), count) for key in ("result", "stats_ci_99_a", "stats_ci_99_b")]
        if any(column is None for column in found):
            continue
        version = None if row.get("version") is None else str(row["version"])
        shapes.append(json.dumps([name, version, axes], separators=(",", ":")))
        figures.append(np.array(found))
        status.append(_status(row.get("result"), found[0], count))
    if not shapes:
        return Columns((), np.empty((3, 0), np.float32), np.empty(0, np.uint8))
    with np.errstate(over="ignore"):
        whole = np.concatenate(figures, axis=1).astype(np.float32)
    return Columns(tuple(shapes), whole, np.concatenate(status))


def cases_of(shape: str) -> int:
    """Return how many cases a shape has."""
    return math.prod(len(axis) for axis in json.loads(shape)[2])


def _numbers(values: Any, count: int) -> NDArray[np.float64] | None:
    """Return a column, NaN where it has no number; None when it does not fit."""
    if values is None:
        return np.full(count, math.nan)
    if not isinstance(values, list) or len(values) != count:
        return None
    if set(map(type, values)) <= _PLAIN:
        try:
            return np.array(values, np.float64)
        except OverflowError:
            pass
    numbers = (number_of(value) for value in values)
    return np.array([math.nan if one is None else one for one in numbers], np.float64)


def _status(values: Sequence[Any] | None, numbers: Any, count: int) -> NDArray[np.uint8]:
    """Tell what became of each case: null is failed, NaN skipped; what is no number has failed, too."""
    if values is None:
        return np.full(count, FAILED, np.uint8)
    empty = np.isnan(numbers)
    skipped = np.fromiter((isinstance(value, float) for value in values), bool, count)
    return np.where(empty, np.where(skipped, SKIPPED, FAILED), MEASURED).astype(np.uint8)
