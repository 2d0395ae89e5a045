"""Where the parts of a report are: names of figures, safe as files and the same in every run."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping

from paceline.escape import slug
from paceline.report.contents import Report, Section, Table
from paceline.report.grids import numeric

MOST = 100  # tables with figures of their own: about 40 s of one processor
MANY = 40  # in a report of more tables, two sizes and fewer make no figure: the table says the same
CURVE = 3  # sizes


def folders(report: Report) -> Mapping[int, str]:
    """Return each section's folder by its place: the machine, and where it has several the environment."""
    count = Counter(section.run.machine.name for section in report.sections)
    return {
        place: _folder(section, count[section.run.machine.name] > 1)
        for place, section in enumerate(report.sections)
    }


def _folder(section: Section, several: bool) -> str:
    name = slug(section.run.machine.name)
    return f"{name}-{slug(section.run.environment)}" if several else name


def heat_stem(title: str, baseline: str) -> str:
    """Return a heat-map's name without its ending: "heat-hydrology-numba_jit"."""
    return slug(f"heat-{title}-{baseline}".replace(", ", "-"))


def pictured(report: Report) -> Mapping[int, tuple[Table, ...]]:
    """Return by section the tables with figures of their own: of many the curves, of too many the first."""
    each = max(1, MOST // max(1, len(report.sections)))
    found = [list(filter(drawable, section.tables)) for section in report.sections]
    fewest = CURVE if sum(map(len, found)) > MANY else 1
    return {
        place: tuple(itertools.islice((table for table in tables if sum(sizes(table)) >= fewest), each))
        for place, tables in enumerate(found)
    }


def stem(table: Table) -> str:
    """Return a figure's name without its kind and ending: "gr6j_cemaneige-snow-plain"."""
    function = () if table.function == "time_run" else (table.function,)
    values = [part for name, value in table.fixed for part in (name, str(value))]
    return slug("-".join((table.name, *function, *values)))


def drawable(table: Table) -> bool:
    """Whether a table has figures: an axis of positive numbers, and something measured on it."""
    measured = any(cell.median for row in table.rows for cell in row.cells)
    return table.axis is not None and numeric(table.columns) and measured and any(sizes(table))


def sizes(table: Table) -> tuple[bool, ...]:
    """Return for each column whether a logarithmic axis can have it."""
    return tuple(isinstance(column, int | float) and 0 < column < float("inf") for column in table.columns)
