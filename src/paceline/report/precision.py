"""Time against error, where a suite tracks both: what accuracy costs, by implementation.

A class that has ``track_error`` beside its times, over an axis of numbers such as a tolerance, has such a
diagram ("work-precision"). Implementations with the same error take the same steps; a line further to the
left is more accurate, a lower one is faster.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from paceline.escape import figure as safe
from paceline.report.captions import error_caption
from paceline.report.contents import Section, Table
from paceline.report.grids import numeric
from paceline.report.plot import Frame, Line, framed, round_seconds
from paceline.report.scales import drawn_ends, ticks
from paceline.results.measurements import Scalar
from paceline.stats.ratio import Median

ERROR = "track_error"
FEWEST = 3  # errors that make a line


@dataclass(frozen=True)
class Point:
    """One case: its error, and the time of one call; ``raced`` tells whether a race measured it."""

    column: Scalar
    error: float
    time: Median
    raced: bool


@dataclass(frozen=True)
class Precision:
    """One table of times with the errors of its cases: by implementation, the smallest error first."""

    table: Table
    lines: tuple[tuple[str, tuple[Point, ...]], ...]


def precisions(section: Section) -> list[Precision]:
    """Return every table of times whose errors are tracked."""
    errors = {_key(table): table for table in section.tracked if table.function == ERROR}
    found = []
    for table in section.tables:
        beside = errors.get(_key(table))
        if beside and table.axis and numeric(table.columns):
            lines = tuple(_lines(table, beside))
            if lines:
                found.append(Precision(table, lines))
    return found


def _key(table: Table) -> tuple[object, ...]:
    return table.benchmark.rpartition(".")[0], table.axis, frozenset(table.fixed)


def _lines(table: Table, errors: Table) -> Iterator[tuple[str, tuple[Point, ...]]]:
    """Yield the points of every implementation that has enough of them for a line."""
    known = {row.implementation: dict(zip(errors.columns, row.cells, strict=True)) for row in errors.rows}
    for row in table.rows:
        points = []
        for column, cell in zip(table.columns, row.cells, strict=True):
            told = known.get(row.implementation, {}).get(column)
            error = told.median.value if told and told.median else 0.0
            if cell.median and 0 < cell.median.value < math.inf and 0 < error < math.inf:
                points.append(Point(column, error, cell.median, cell.raced is not None))
        if len({point.error for point in points}) >= FEWEST:
            yield row.implementation, tuple(sorted(points, key=lambda point: point.error))


def precision_figure(told: Precision, section: Section) -> Figure:
    """Draw time against error, both logarithmic; a line joins an implementation's tolerances."""
    table = told.table
    frame = Frame(
        table.title,
        f"time per call against error, by {safe(table.axis, 30)}; the baseline is {safe(table.baseline, 50)}",
        "error, as the suite defines it (no unit); more accurate to the left",
        error_caption(table, section),
        table.baseline,
        left=1.1,
    )
    figure, axes = framed(frame, [_line(name, points) for name, points in told.lines])
    axes.set_ylabel("time per call (unit at each tick)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: round_seconds(value)))
    axes.xaxis.set_major_locator(FixedLocator(ticks(*axes.get_xlim())))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0e}".replace("e-0", "e-")))
    return figure


def _line(name: str, points: tuple[Point, ...]) -> Line:
    x = tuple(point.error for point in points)
    y = tuple(point.time.value for point in points)
    ends = [drawn_ends(point.time.value, point.time.low, point.time.high) for point in points]
    low, high = zip(*ends, strict=True)
    return Line(name, x, y, low, high, tuple(point.raced for point in points))


def document(told: Precision) -> dict[str, object]:
    """Return the same for JSON."""
    return {
        "benchmark": told.table.benchmark,
        "axes": dict(told.table.fixed),
        "axis": told.table.axis,
        "contenders": [
            {
                "implementation": name,
                "points": [
                    {str(told.table.axis): point.column, "error": point.error, "seconds": point.time.value}
                    for point in points
                ],
            }
            for name, points in told.lines
        ],
    }
