"""Heat-maps as figures: a number and an arrow in every square, colours centred on 1."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from paceline.escape import figure as safe
from paceline.report import cells, style, words
from paceline.report.captions import heat_caption
from paceline.report.contents import Cell, Row, Section, Table

MOST = 60  # rows; of more, only each table's last column is drawn
BROADEST = 16  # columns of several models
FASTER, SLOWER, EVEN = "▼", "▲", "≈"
_FULL = math.log2(8)  # a factor of eight is as strong as a colour gets
_ROW, _COLUMN = 0.24, 0.86  # inches
_TOP, _BOTTOM = 0.95, 0.62
_CHARACTER = 0.07
_LONGEST = 70  # characters of a row's name
_BLUE, _RED = (0.0, 0.447, 0.698), (0.835, 0.369, 0.0)
_NONE = (0.93, 0.93, 0.93)


@dataclass(frozen=True)
class Square:
    """One square: a ratio with its sign; or a word for why there is none."""

    value: float | None
    sign: str = ""
    word: str = ""

    @property
    def text(self) -> str:
        """What stands in it."""
        return self.word if self.value is None else f"{self.sign} {words.three_digits(self.value)}".strip()

    @property
    def colour(self) -> tuple[float, float, float]:
        """Blue below 1, vermilion above, paler the nearer to 1; what decides nothing is white."""
        if self.value is None:
            return _NONE
        strength = 0.0 if self.sign == EVEN else min(1.0, abs(math.log2(self.value)) / _FULL)
        end = _BLUE if self.value < 1 else _RED
        share = 0.75 * strength + (0.08 if strength else 0.0)
        return tuple(1 - share * (1 - part) for part in end)  # type: ignore[return-value]


Squares = Mapping[
    str, Sequence[Square | None]
]  # by row's name, a square a column; None where there is no case


@dataclass(frozen=True)
class Sheet:
    """What one heat-map shows: tables of one family with one baseline."""

    title: str
    family: str
    baseline: str
    tables: tuple[Table, ...]

    @property
    def names(self) -> list[str]:
        """Every implementation but the baseline, in the order of the tables."""
        rows = (row.implementation for table in self.tables for row in table.rows)
        return [name for name in dict.fromkeys(rows) if name != self.baseline]


def sheets(section: Section) -> list[Sheet]:
    """Return a sheet for every family and baseline; one for each model where it would be too broad."""
    found: dict[tuple[str, str], list[Table]] = {}
    for table in section.tables:
        if table.baseline and any(cell.ratio for row in table.rows for cell in _others(table, row)):
            found.setdefault((table.family, table.baseline), []).append(table)
    return [sheet for (family, baseline), own in found.items() for sheet in _split(family, baseline, own)]


def _split(family: str, baseline: str, tables: Sequence[Table]) -> Iterator[Sheet]:
    whole = Sheet(family, family, baseline, tuple(tables))
    models = dict.fromkeys(table.model for table in tables)
    if len(whole.names) <= BROADEST or len(models) == 1:
        yield whole
        return
    for model in models:
        own = tuple(table for table in tables if table.model == model)
        yield Sheet(f"{family}, {model}", family, baseline, own)


def sheet_figure(section: Section, sheet: Sheet) -> Figure:
    """Draw every case of a sheet by implementation: time / time of the baseline."""
    whole = sum(len(table.columns) for table in sheet.tables) <= MOST
    rows = dict(_rows(sheet.tables, sheet.names, whole))
    what = f"time / time of {safe(sheet.baseline, 60)}; below 1 is faster"
    note = heat_caption(sheet.tables, section, "" if whole else "only the last size of each is drawn")
    return drawn(safe(sheet.title, 60), what, sheet.names, rows, note)


def _rows(
    tables: Sequence[Table], names: Sequence[str], whole: bool
) -> Iterator[tuple[str, list[Square | None]]]:
    for table in tables:
        known = {row.implementation: row for row in table.rows}
        heads = cells.columns(table)
        for place in range(len(table.columns)) if whole else (-1,):
            label = f"{table.title}, {heads[place]}" if table.axis else table.title
            yield label, [_square(known[name].cells[place]) if name in known else None for name in names]


def _square(cell: Cell) -> Square:
    if cell.ratio is None or not 0 < cell.ratio.value < math.inf:
        return Square(None, word=cell.status if cell.median is None else "no ratio")
    return Square(cell.ratio.value, sign(cell))


def sign(cell: Cell) -> str:
    """Return the arrow of a ratio: down is faster; what is the same or undecided has none."""
    assert cell.ratio
    if cell.raced:
        return {"faster": FASTER, "slower": SLOWER}.get(cell.raced.verdict, EVEN)
    return arrow(cell.ratio.value) if words.claims(cell.ratio) else EVEN


def arrow(value: float) -> str:
    """Return the arrow of a number."""
    return FASTER if value < 1 else SLOWER


def _others(table: Table, row: Row) -> Sequence[Cell]:
    return row.cells if row.implementation != table.baseline else ()


def drawn(title: str, what: str, columns: Sequence[str], rows: Squares, caption: str) -> Figure:
    """Draw squares in rows and columns; every margin is known in inches, so nothing overlaps."""
    labels = [safe(name, _LONGEST) for name in rows]
    heads = [_broken(safe(name, 30)) for name in columns]
    left = 0.25 + _CHARACTER * max(map(len, labels), default=0)
    top = _TOP + 0.13 * max((name.count("\n") for name in heads), default=0)
    size = (max(7.6, left + _COLUMN * len(heads) + 0.15), top + _ROW * max(1, len(labels)) + _BOTTOM)
    with style.context():
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        room = (_COLUMN * len(heads) / size[0], (size[1] - top - _BOTTOM) / size[1])
        axes = figure.add_axes((left / size[0], _BOTTOM / size[1], *room))
        pixels = [[one.colour if one else (1, 1, 1) for one in row] for row in rows.values()]
        axes.imshow(pixels, aspect="auto", interpolation="none")
        _frame(axes, heads, labels)
        for place, row in enumerate(rows.values()):
            for column, one in enumerate(row):
                told = one.text if one else "–"
                colour = style.BLACK if one and one.value is not None else style.GREY
                axes.text(column, place, safe(told, 14), ha="center", va="center", fontsize=7.5, color=colour)
        figure.text(0.1 / size[0], 1 - 0.28 / size[1], title, weight="bold", size=10.5)
        figure.text(0.1 / size[0], 1 - 0.5 / size[1], what, size=9)
        figure.text(0.1 / size[0], 0.12 / size[1], caption, size=7, color=style.GREY)
    return figure


def _frame(axes: Axes, heads: Sequence[str], labels: Sequence[str]) -> None:
    axes.set_xticks(range(len(heads)), heads, fontsize=7.5)
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    for place in range(1, len(labels)):
        axes.axhline(place - 0.5, color="white", linewidth=1.0)
    for place in range(1, len(heads)):
        axes.axvline(place - 0.5, color="white", linewidth=1.0)


def _broken(name: str) -> str:
    """Break a name at its underscores, so that columns stay narrow."""
    lines = [""]
    for part in name.replace("_", "_\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > 11:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
