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
_FIGURES = ("result", "stats_ci_99_a", "stats_ci_99_b")
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


Shapes = dict[str, tuple[Any, Any, str, int]]
"""What is known of a benchmark by its name: version, parameters, its shape, its cases."""


def columns(document: Mapping[str, Any], known: Shapes | None = None) -> Columns:
    """Return what a file holds; rows that cannot be read are left out.

    ``known`` carries shapes from file to file: those of a history are mostly the same.
    """
    known = {} if known is None else known
    shapes: list[str] = []
    flat: list[list[Any]] = [[], [], []]
    for name, row in rows_of(document).items():
        shape, count = _shape(name, row, known)
        found = [_values(row.get(key), count) for key in _FIGURES] if shape else [None]
        if all(values is not None for values in found):
            shapes.append(shape)
            for column, values in zip(flat, found, strict=True):
                column.extend(values or ())
    if not shapes:
        return Columns((), np.empty((3, 0), np.float32), np.empty(0, np.uint8))
    with np.errstate(over="ignore"):
        whole = np.array([_numbers(values) for values in flat])
        return Columns(tuple(shapes), whole.astype(np.float32), _status(flat[0], whole[0]))


def _shape(name: str, row: Mapping[str, Any], known: Shapes) -> tuple[str, int]:
    """Return a row's shape and its cases; an empty text for a row that cannot be read."""
    version, params = row.get("version"), row.get("params")
    seen = known.get(name)
    if seen and seen[0] == version and seen[1] == params:
        return seen[2], seen[3]
    axes = [[str(value) for value in items(axis)] for axis in items(params)]
    count = math.prod(map(len, axes))
    if not isinstance(params, list) or count > MOST_CASES:
        return "", 0
    told = None if version is None else str(version)
    text = json.dumps([name, told, axes], separators=(",", ":"))
    if all(type(value) is str for axis in params for value in items(axis)) and type(version) in (
        str,
        NoneType,
    ):
        known[name] = (version, params, text, count)  # equal ones have this very text
    return text, count


def cases_of(shape: str) -> int:
    """Return how many cases a shape has."""
    return math.prod(len(axis) for axis in json.loads(shape)[2])


def _values(values: Any, count: int) -> list[Any] | None:
    """Return a column's values; None when it does not fit."""
    if values is None:
        return [None] * count
    return values if isinstance(values, list) and len(values) == count else None


def _numbers(values: list[Any]) -> NDArray[np.float64]:
    """Return numbers, NaN where there is none."""
    if set(map(type, values)) <= _PLAIN:
        try:
            return np.array(values, np.float64)
        except OverflowError:
            pass
    numbers = (number_of(value) for value in values)
    return np.array([math.nan if one is None else one for one in numbers], np.float64)


def _status(values: Sequence[Any], numbers: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Tell what became of each case: null is failed, NaN skipped; what is no number has failed, too."""
    found = np.full(len(values), MEASURED, np.uint8)
    for place in np.flatnonzero(np.isnan(numbers)).tolist():
        found[place] = SKIPPED if isinstance(values[place], float) else FAILED
    return found
