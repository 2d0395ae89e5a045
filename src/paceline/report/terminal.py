"""A report on the terminal: every model and size in a line, every implementation in a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable
from rich.text import Text

from paceline.report import cells, words
from paceline.report.contents import Cell, Section, Table
from paceline.report.escape import plain
from paceline.stats.ratio import Ratio


def ratios(section: Section, most: int | None = None) -> list[RichTable]:
    """Return a table for every baseline; at most so many rows in all, and how many are not shown."""
    tables = []
    for baseline in dict.fromkeys(table.baseline for table in section.tables):
        compared = [table for table in section.tables if table.baseline == baseline]
        shown, count = _ratios(section, compared, baseline, most)
        most = None if most is None else max(0, most - count)
        tables.append(shown)
    return tables


def absences(section: Section) -> list[str]:
    """Return a line for every reason that cases have no figure: who, and why."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for table in section.tables:
        for row in table.rows:
            for cell in row.cells:
                if cell.median is None:
                    found.setdefault((cell.status, cell.reason), {})[row.implementation] = None
    lines = ((", ".join(names), status, reason) for (status, reason), names in found.items())
    return [
        plain(f"{status}: {names}" + (f": {reason}" if reason else ""), 300)
        for names, status, reason in lines
    ]


def _ratios(
    section: Section, compared: Sequence[Table], baseline: str | None, most: int | None
) -> tuple[RichTable, int]:
    where = f"{plain(section.run.machine.name)}, commit {plain(section.run.commit[:8])}"
    what = f"time / time of {plain(baseline)}; below 1 is faster" if baseline else "times; no baseline"
    title = f"{where}: {what}"
    shown = RichTable(title=title, box=SIMPLE_HEAD, title_justify="left", pad_edge=False, padding=(0, 1))
    others = dict.fromkeys(row.implementation for table in compared for row in table.rows)
    names = [name for name in others if name != baseline]
    shown.add_column("model", overflow="fold")
    shown.add_column("at", overflow="fold")
    for name in ([baseline] if baseline else []) + names:
        shown.add_column(plain(name), justify="right", overflow="fold")
    rows = [row for table in compared for row in _rows(table, names)]
    for row in rows[:most]:
        shown.add_row(*row)
    if most is not None and len(rows) > most:
        shown.caption = f"{len(rows) - most} more rows are in the summary"
    return shown, len(rows)


def _rows(table: Table, names: Sequence[str]) -> Iterator[list[Text]]:
    """Yield a line for every size: the baseline's time, then the ratios."""
    by_name = {row.implementation: row for row in table.rows}
    for index, size in enumerate(cells.columns(table)):
        line = [Text(plain(table.title) if index == 0 else ""), Text(plain(size))]
        if table.baseline:
            line.append(_time(by_name[table.baseline].cells[index]))
        for name in names:
            row = by_name.get(name)
            line.append(_figure(row.cells[index], table) if row else Text("-", style="dim"))
        yield line


def _time(cell: Cell) -> Text:
    return Text(words.seconds(cell.median.value) if cell.median else cell.status)


def _figure(cell: Cell, table: Table) -> Text:
    """Return a cell's ratio with its spread; else its time, or the word for why there is none."""
    if cell.ratio:
        return Text(words.ratio_and_spread(cell.ratio), style=_style(cell.ratio))
    return _time(cell) if not table.baseline else Text(cell.status, style="dim")


def _style(ratio: Ratio) -> str:
    if not ratio.decided:
        return ""
    return "green" if ratio.value < 1 else "red"
