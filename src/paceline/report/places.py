"""Where the parts of a report are: names of figures, safe as files and the same in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from paceline.report.contents import Report, Section, Table
from paceline.report.escape import slug
from paceline.report.grids import numeric

FEWEST_SIZES = 3


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


def stem(table: Table) -> str:
    """Return a figure's name without its kind and ending: "gr6j_cemaneige-snow-plain"."""
    function = () if table.function == "time_run" else (table.function,)
    values = [part for name, value in table.fixed for part in (name, str(value))]
    return slug("-".join((table.name, *function, *values)))


def drawable(table: Table) -> bool:
    """Whether a table has figures: an axis of positive numbers, with something measured at three of them.

    Two points make no line that tells anything the table does not.
    """
    columns = zip(sizes(table), *(row.cells for row in table.rows), strict=True)
    measured = sum(usable and any(cell.median for cell in cells) for usable, *cells in columns)
    return table.axis is not None and numeric(table.columns) and measured >= FEWEST_SIZES


def sizes(table: Table) -> tuple[bool, ...]:
    """Return for each column whether a logarithmic axis can have it."""
    return tuple(isinstance(column, int | float) and 0 < column < float("inf") for column in table.columns)
