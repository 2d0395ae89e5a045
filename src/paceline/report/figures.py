"""Figures of one table: time against size and ratio against size, as matplotlib figures (no pyplot)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from paceline.escape import figure as safe
from paceline.report import advice, caches, crossings, first_calls, places, style
from paceline.report.caches import Edge
from paceline.report.captions import caption, start_caption, unsteady
from paceline.report.contents import Cell, Section, Table
from paceline.report.first_calls import FirstCalls
from paceline.report.plot import Frame, Line, framed, round_seconds
from paceline.report.scales import drawn_ends

_CALLS = tuple(10.0 ** (step / 2) for step in range(13))  # 1 to a million


def time_figure(table: Table, section: Section, left: tuple[Edge, ...] = ()) -> Figure:
    """Draw time against size, both logarithmic, with intervals; and the sizes at which caches are left."""
    what = f"time per call; the baseline is {safe(table.baseline, 60)}"
    more = (*caches.told(left), *unsteady(table))
    figure, axes = _by_size(table, section, _lines(table, _time_ends), what, more=more)
    for edge in left:
        axes.axvline(edge.size, color=style.GREY, linewidth=0.9, linestyle=(0, (1, 2)), zorder=1.1)
        axes.annotate(
            edge.cache, (edge.size, 1.0), xycoords=axes.get_xaxis_transform(), color=style.GREY, size=7.5,
            xytext=(0, 2), textcoords="offset points", ha="center",
        )  # fmt: skip
    axes.set_ylabel("time per call (unit at each tick)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: round_seconds(value)))
    return figure


def ratio_figure(table: Table, section: Section) -> Figure:
    """Draw the ratio to the baseline against size, with its interval and the line at 1."""
    what = f"time / time of {safe(table.baseline, 60)}; below 1 is faster"
    figure, axes = _by_size(table, section, _crossed(table, _lines(table, _ratio_ends)), what, around=1.0)
    axes.axhline(1, color=style.BLACK, linewidth=0.9, zorder=1.5)
    _undecided(axes, table)
    _crossings(axes, table)
    axes.set_ylabel("ratio to the baseline (no unit)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    return figure


def calls_figure(told: FirstCalls, section: Section) -> Figure:
    """Draw seconds all told against the number of calls; where another one becomes the cheapest is marked."""
    where = first_calls.where(told)
    lines = [
        Line(
            cost.implementation,
            _CALLS,
            *(tuple(cost.total(runs) for runs in _CALLS),) * 3,
            (True,) * len(_CALLS),
        )
        for cost in told.costs
    ]
    what = "import, first call and further calls added up; seconds, no baseline"
    frame = Frame(where, what, "number of calls", start_caption(told, section), left=1.1)
    figure, axes = framed(frame, lines)
    axes.set_ylabel("time all told (unit at each tick)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: round_seconds(value)))
    for runs in advice.edges(told.costs):
        least = min(cost.total(runs) for cost in told.costs)
        axes.plot([runs], [least], marker="o", markersize=11, markerfacecolor="none", color=style.GREY)
        axes.annotate(
            first_calls.calls(runs - 1), (runs, least), color=style.GREY, size=7.5, xytext=(7, -11),
            textcoords="offset points",
        )  # fmt: skip
    return figure


def _undecided(axes: Axes, table: Table) -> None:
    """Shade the ratios that a race calls the same: within its threshold."""
    found = [cell.raced.threshold for cell in table.cells if cell.raced]
    if found:
        axes.axhspan(
            1 / (1 + max(found)), 1 + max(found), color=style.GREY, alpha=0.18, linewidth=0, zorder=1.2
        )


def _crossings(axes: Axes, table: Table) -> None:
    """Shade the sizes at which a line crosses 1, as wide as their intervals; its end names them."""
    for name, found in crossings.crossings(table):
        axes.axvspan(
            found.low, found.high, color=style.look(name).colour, alpha=0.15, linewidth=0, zorder=1.1
        )


def _crossed(table: Table, lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the sizes at which they cross 1 behind their names."""
    known: dict[str, list[str]] = {}
    for name, found in crossings.crossings(table):
        known.setdefault(name, []).append(crossings.rounded(found.size))
    told = {name: f", n* {' and '.join(sizes[:2])}" for name, sizes in known.items()}
    return [replace(line, more=told.get(line.implementation, "")) for line in lines]


def _time_ends(cell: Cell) -> tuple[float, float | None, float | None] | None:
    return (cell.median.value, cell.median.low, cell.median.high) if cell.median else None


def _ratio_ends(cell: Cell) -> tuple[float, float | None, float | None] | None:
    return (cell.ratio.value, cell.ratio.low, cell.ratio.high) if cell.ratio else None


def _lines(
    table: Table, ends: Callable[[Cell], tuple[float, float | None, float | None] | None]
) -> list[Line]:
    """Return the lines that a logarithmic figure can have; an unknown interval has no length."""
    lines = []
    for row in table.rows:
        points = []
        for column, usable, cell in zip(table.columns, places.sizes(table), row.cells, strict=True):
            found = ends(cell) if usable else None
            if found and 0 < found[0] < math.inf:
                point = (float(column), found[0], *drawn_ends(*found))  # type: ignore[arg-type]
                points.append((*point, cell.raced is not None))
        if points:
            x, y, lows, highs, raced = zip(*points, strict=True)
            lines.append(Line(row.implementation, x, y, lows, highs, raced))
    return lines


def _by_size(
    table: Table,
    section: Section,
    lines: Sequence[Line],
    what: str,
    around: float | None = None,
    more: Sequence[str] = (),
) -> tuple[Figure, Axes]:
    across = f"{safe(table.axis)}{' (number of elements or steps)' if table.axis == 'n' else ''}"
    below = caption(table, section, more)
    return framed(Frame(table.title, what, across, below, table.baseline, around), lines)
