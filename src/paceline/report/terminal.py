"""A report on the terminal: one table of ratios at the largest sizes, and plain text elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable
from rich.text import Text

from paceline.report import cells, words
from paceline.report.contents import Row, Section, Table
from paceline.report.escape import plain


def ratios(section: Section, most: int | None = None) -> RichTable:
    """Return every model's ratios at its last column; at most so many rows, and how many are not shown."""
    where = f"{plain(section.run.machine.name)}, commit {plain(section.run.commit[:8])}"
    title = f"{where}: time / time of the baseline"
    shown = RichTable(
        title=f"{title} (below 1 is faster)", box=SIMPLE_HEAD, title_justify="left", pad_edge=False
    )
    for heading in ("model", "at", "implementation"):
        shown.add_column(heading, overflow="fold")
    for heading in ("time", "ratio"):
        shown.add_column(heading, justify="right")
    rows = list(_rows(section))
    for row in rows[:most]:
        shown.add_row(*(Text(plain(text)) for text in row))
    if most is not None and len(rows) > most:
        shown.caption = f"{len(rows) - most} more rows are in the summary"
    return shown


def _rows(section: Section) -> Iterator[tuple[str, ...]]:
    for table in section.tables:
        for row in table.rows:
            yield (table.title, cells.columns(table)[-1], row.implementation, *_figures(table, row))


def _figures(table: Table, row: Row) -> tuple[str, str]:
    cell = row.cells[-1]
    if cell.median is None:
        return cell.status, cell.reason or cell.status
    time = words.seconds(cell.median.value)
    if row.implementation == table.baseline:
        return time, "baseline"
    return time, words.ratio(cell.ratio) if cell.ratio else cell.reason
