"""How long one call of an implementation takes at a size, or at another value of a table's axis.

Between sizes it lies on a line in logarithms. An implementation that has no figure at the size that is asked
for, or else at the next larger one, has no time: what kept it from ending there may do so here, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from paceline.report import cells, places
from paceline.report.contents import Cell, Row, Table
from paceline.report.grids import numeric
from paceline.results.measurements import Scalar

_FAR = 600.0  # of a logarithm, that no float has


@dataclass(frozen=True)
class Call:
    """The seconds of a call, the measured case nearest to it, and whether it lies beyond all of those."""

    seconds: float
    cell: Cell
    beyond: bool = False


def sized(table: Table) -> bool:
    """Whether a table's axis has sizes: between its columns there are others."""
    return table.axis is not None and numeric(table.columns) and any(places.sizes(table))


def last(table: Table) -> Scalar:
    """Return the largest size, or the last column of a table without sizes."""
    return _sizes(table)[-1][0] if sized(table) else table.columns[-1]


def call(table: Table, row: Row, at: Scalar) -> Call | str:
    """Return how long a call takes; a text says why nobody knows."""
    place = _place(table, at)
    cell, where = row.cells[place], cells.columns(table)[place] if table.axis else ""
    if cell.median is None:
        return _absent(cell, where)
    if not 0 < cell.median.value < math.inf:
        return f"its time at {where} is none"
    if not sized(table):
        return Call(cell.median.value, cell)
    return _between(_points(table, row), float(at), cell, where)  # type: ignore[arg-type]


def _sizes(table: Table) -> list[tuple[float, int]]:
    """Return the sizes and their places, the smallest first."""
    usable = [place for place, fits in enumerate(places.sizes(table)) if fits]
    return sorted((float(table.columns[place]), place) for place in usable)  # type: ignore[arg-type]


def _place(table: Table, at: Scalar) -> int:
    """Return the column of a value; of a size that is none the next larger one, or the largest."""
    if not sized(table):
        return table.columns.index(at)
    sizes = _sizes(table)
    least = float(at) * (1 - 1e-9)  # type: ignore[arg-type]
    return next((place for size, place in sizes if size >= least), sizes[-1][1])


def _absent(cell: Cell, where: str) -> str:
    told = f"{cell.status} at {where}" if where else cell.status
    return f"{told}: {cell.reason}" if cell.reason else told


def _between(known: Sequence[tuple[float, float]], size: float, cell: Cell, where: str) -> Call | str:
    """Return the time on the line through two points: those beside the size, or those nearest to it."""
    x = math.log(size)
    logs = [(math.log(at), math.log(seconds)) for at, seconds in known]
    beyond = not logs[0][0] - 1e-9 <= x <= logs[-1][0] + 1e-9
    if len(logs) == 1:
        return f"measured at {where} only" if beyond else Call(known[0][1], cell)
    place = next((i for i in range(1, len(logs) - 1) if x <= logs[i][0]), len(logs) - 1)
    (x0, y0), (x1, y1) = logs[place - 1], logs[place]
    y = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return Call(math.exp(y), cell, beyond) if abs(y) < _FAR else "its times are too far apart for a line"


def _points(table: Table, row: Row) -> list[tuple[float, float]]:
    medians = ((size, row.cells[place].median) for size, place in _sizes(table))
    return [(size, median.value) for size, median in medians if median and 0 < median.value < math.inf]
