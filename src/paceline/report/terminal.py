"""A report on the terminal: a line for every model and size; where it is narrow, a block for every model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table as RichTable
from rich.text import Text

from paceline.escape import plain
from paceline.report import cells, laid, sources, words
from paceline.report.contents import Section, Table
from paceline.report.laid import BARE, BROKEN, WIDE, Form
from paceline.report.races import GAP

Part = Text | RichTable


def ratios(section: Section, width: int, most: int | None = None) -> list[Part]:
    """Return titled tables for every baseline, as wide as allowed, and what their signs mean.

    With ``most``, the tables have so many lines in all, and say how many are not shown: where not all
    sizes have room, each model's last stays.
    """
    parts: list[Part] = []
    for baseline in dict.fromkeys(table.baseline for table in section.tables):
        compared = [table for table in section.tables if table.baseline == baseline]
        made, count = _group(section, compared, width, most)
        most = None if most is None else max(0, most - count)
        parts += made
    signs = laid.signs(section)
    return [*parts, Text(signs, style="dim")] if signs else parts


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


def origin(section: Section) -> Iterator[str]:
    """Yield where the ratios are from, and how far to trust them."""
    name = section.run.machine.name
    yield from (plain(f"{name}: {told}", 400) for told in sources.paired(section))
    told = (sources.unpaired(section), sources.commits(section))
    yield from (plain(f"{name}: {each}", 300) for each in told if each)
    if section.raced:
        yield plain(f"{name}: {sources.floor(section)}", 300)


def _group(
    section: Section, compared: Sequence[Table], width: int, most: int | None
) -> tuple[list[Part], int]:
    """Lay out the tables of one baseline; return the parts, and how many lines of figures they have."""
    baseline = compared[0].baseline
    places = [(table, index) for table in compared for index in range(len(table.columns))]
    if most is not None and len(places) > most:
        places = [(table, len(table.columns) - 1) for table in compared]
    left_out = sum(len(table.columns) for table in compared) - len(places[:most])
    names = _names(compared)
    for form in (WIDE, BROKEN) if most is None else (WIDE, BROKEN, BARE):
        lines = [_headings(baseline, names, form), *_lines(places[:most], names, form)]
        if laid.width(lines) <= width:
            heading = [Text(f"{_where(section)}: {_what(baseline)}", style="bold")]
            more = [Text(f"{left_out} more rows are in the summary", style="dim")] if left_out else []
            return [*heading, laid.made(lines), *more], len(places)
    return _blocks(section, compared, width, most)


def _blocks(
    section: Section, compared: Sequence[Table], width: int, most: int | None
) -> tuple[list[Part], int]:
    """Return a table for every model, its sizes side by side, as many as have room."""
    parts: list[Part] = [Text(_where(section), style="bold")]
    count = 0
    for table in compared:
        if most is not None and count + len(table.rows) > most:
            parts.append(Text("more tables are in the summary", style="dim"))
            break
        parts.append(Text(f"{plain(table.title)}: {_what(table.baseline)}", style="bold"))
        for columns in _side_by_side(table, width):
            parts.append(
                laid.made([[column[place] for column in columns] for place in range(len(columns[0]))])
            )
            count += len(table.rows)
        if most is None:
            parts.append(Text(""))
    return parts, count


def _side_by_side(table: Table, width: int) -> list[list[list[Text]]]:
    """Return the columns of each part of a table that has room; the first of each holds the names."""
    rows = sorted(table.rows, key=lambda row: row.implementation != table.baseline)
    names = [Text(""), *(Text(plain(row.implementation, 30)) for row in rows)]
    parts: list[list[list[Text]]] = []
    for index, heading in enumerate(cells.columns(table)):
        column = [
            Text(plain(heading, 30)),
            *(laid.figure(table, row, row.cells[index], WIDE) for row in rows),
        ]
        if not parts or _breadth([*parts[-1], column]) > width:
            parts.append([names])
        parts[-1].append(column)
    return parts


def _breadth(columns: Sequence[Sequence[Text]]) -> int:
    return sum(max(text.cell_len for text in column) + GAP for column in columns) - GAP


def _names(compared: Sequence[Table]) -> list[str]:
    """Return the names of all columns, the baseline's first."""
    baseline = compared[0].baseline
    others = dict.fromkeys(row.implementation for table in compared for row in table.rows)
    return [*([baseline] if baseline else []), *(name for name in others if name != baseline)]


def _where(section: Section) -> str:
    return f"{plain(section.run.machine.name)}, commit {plain(', '.join(section.commits))}"


def _what(baseline: str | None) -> str:
    return f"time / time of {plain(baseline)}; below 1 is faster" if baseline else "times; no baseline"


def _headings(baseline: str | None, names: Sequence[str], form: Form) -> list[Text]:
    told = [plain(name).replace("_", "_\n") if form.broken else plain(name) for name in names]
    return [Text(text) for text in ("model", "at", *told)]


def _lines(places: Sequence[tuple[Table, int]], names: Sequence[str], form: Form) -> list[list[Text]]:
    """Return a line for every size: the baseline's time, then the ratios."""
    lines = []
    for number, (table, index) in enumerate(places):
        first = number == 0 or places[number - 1][0] is not table
        second = number > 0 and not first and (number == 1 or places[number - 2][0] is not table)
        alone = number + 1 == len(places) or places[number + 1][0] is not table
        fixed = ", ".join(f"{name} = {words.size(value)}" for name, value in table.fixed)
        title = (plain(table.subject), plain(fixed)) if fixed else (plain(table.subject), "")
        told = "\n".join(filter(None, title)) if first and alone else title[0] if first else ""
        by_name = {row.implementation: row for row in table.rows}
        figures = [
            laid.figure(table, by_name[name], by_name[name].cells[index], form)
            if name in by_name
            else Text("-", style="dim")
            for name in names
        ]
        at = Text(plain(cells.columns(table)[index], 40))
        lines.append([Text(title[1] if second else told), at, *figures])
    return lines
