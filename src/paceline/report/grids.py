"""Cases laid out as a table: implementations by size, one grid for every value of the other axes."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

from paceline.results.measurements import Measurement, Scalar

ROW = "implementation"
Axes = tuple[tuple[str, Scalar], ...]


@dataclass(frozen=True)
class Grid:
    """One benchmark's cases: a row an implementation, a column a value of ``axis``.

    ``fixed`` holds the other parameters, which have one value here. Without an axis there is one
    column, None. A case that the file does not have is missing from ``cells``.
    """

    benchmark: str
    kind: str
    unit: str
    fixed: Axes
    axis: str | None
    columns: tuple[Scalar, ...]
    rows: tuple[str, ...]
    cells: Mapping[tuple[str, Scalar], Measurement]

    def axes(self, column: Scalar) -> dict[str, Scalar]:
        """Return every parameter of a column but the implementation."""
        return dict(self.fixed) | ({self.axis: column} if self.axis else {})


def grids(measurements: Sequence[Measurement], places: Sequence[Measurement] = ()) -> list[Grid]:
    """Lay one benchmark's measurements out, in the order of its parameters.

    ``places`` are cases that have a place, but nothing in it.
    """
    everything = [*measurements, *places]
    axis = _column_axis(everything)
    groups: dict[Axes, list[Measurement]] = {}
    for measurement in everything:
        fixed = tuple((name, value) for name, value in measurement.params.items() if name not in (ROW, axis))
        groups.setdefault(fixed, []).append(measurement)
    empty = {id(place) for place in places}
    return [_grid(fixed, axis, group, empty) for fixed, group in groups.items()]


def numeric(values: Iterable[Scalar]) -> bool:
    """Whether all values are numbers, so that a figure can have them on its axis."""
    return all(map(_number, values))


def _number(value: Scalar) -> bool:
    """Whether a value is a number that a float can hold: a whole one may be larger."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return isinstance(value, float) or abs(value) <= sys.float_info.max


def _grid(fixed: Axes, axis: str | None, group: Sequence[Measurement], empty: Container[int]) -> Grid:
    first = group[0]
    columns = list(dict.fromkeys(_column(measurement, axis) for measurement in group))
    rows = dict.fromkeys(row_of(measurement) for measurement in group)
    cells = {(row_of(each), _column(each, axis)): each for each in group if id(each) not in empty}
    ordered = sorted(columns, key=float) if numeric(columns) else columns  # type: ignore[arg-type]
    return Grid(first.benchmark, first.kind, first.unit, fixed, axis, tuple(ordered), tuple(rows), cells)


def row_of(measurement: Measurement) -> str:
    """Return the implementation's name; a benchmark without that parameter has one nameless row."""
    return str(measurement.params.get(ROW, ""))


def _column(measurement: Measurement, axis: str | None) -> Scalar:
    return measurement.params[axis] if axis else None


def _column_axis(measurements: Sequence[Measurement]) -> str | None:
    """Choose the columns: ``n``, else the first axis of numbers, else ``model``, else any other."""
    values: dict[str, set[Scalar]] = {}
    for measurement in measurements:
        for name, value in measurement.params.items():
            if name != ROW:
                values.setdefault(name, set()).add(value)
    numbers = [name for name in values if numeric(values[name])]
    return next((name for name in ("n", *numbers, "model", *values) if name in values), None)
