"""Where the lines of a table cross: from which size on another implementation is the faster one."""

from __future__ import annotations

import math
from collections.abc import Iterator

from paceline.report import places, words
from paceline.report.contents import Cell, Row, Table
from paceline.report.grids import numeric
from paceline.stats.crossover import Crossover, Point, crossovers

DECIDED = ("faster", "slower")  # the verdicts of a race after which it is known which of the two is faster


def crossings(table: Table) -> Iterator[tuple[str, Crossover]]:
    """Yield every implementation's crossovers with the baseline."""
    if table.axis is None or not numeric(table.columns):
        return
    for row in table.rows:
        if row.implementation != table.baseline:
            for found in crossovers(_points(table, row)):
                yield row.implementation, found


def sentences(table: Table) -> Iterator[str]:
    """Yield each crossover in words, unescaped."""
    for name, found in crossings(table):
        first, then = (name, table.baseline) if found.rising else (table.baseline, name)
        at = f"{table.axis} = {rounded(found.size)} ({rounded(found.low)}-{rounded(found.high)})"
        yield f"{name} and {table.baseline} are level at {at}: below it {first} is faster, above it {then}"


def rounded(size: float) -> str:
    """Return a size with two digits: it is between sizes that were measured, and no better known."""
    value = float(f"{size:.2g}")
    return f"{int(value):,}" if value >= 10 else f"{value:g}"


def _points(table: Table, row: Row) -> list[Point]:
    """Return the ratios with an interval; where the verdict is open, 1 is in it, whatever its ends are."""
    found = []
    for column, usable, cell in zip(table.columns, places.sizes(table), row.cells, strict=True):
        ratio = cell.ratio
        if usable and ratio and ratio.low and ratio.high and 0 < ratio.low <= ratio.high < math.inf:
            ends = [ratio.low, ratio.value, ratio.high, *([] if _decided(cell) else [1.0])]
            found.append(Point(float(column), ratio.value, min(ends), max(ends)))  # type: ignore[arg-type]
    return found


def _decided(cell: Cell) -> bool:
    """Whether one of the two is known to be faster: by its race, or as far as asv's medians tell."""
    if cell.raced:
        return cell.raced.verdict in DECIDED
    return cell.ratio is not None and words.claims(cell.ratio)
