"""Figures of one table: time against size and ratio against size, as matplotlib figures (no pyplot)."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from paceline.report import crossings, places, style, words
from paceline.report.captions import caption
from paceline.report.contents import Cell, Section, Table
from paceline.report.escape import figure as safe
from paceline.report.scales import apart, spread, ticks, widened

_WIDTH, _LEAST_HEIGHT = 7.6, 4.2  # inches
_LABEL_STEP = 0.19  # inches from one line's label to the next
_TOP, _BOTTOM, _LEFT = 0.72, 1.05, 0.85  # inches around the axes
_CROSSING_STEP = 0.055  # of the axes' height, from one crossing's label to the next
_CHARACTER = 0.082  # inches, a wide letter of a label


@dataclass(frozen=True)
class Line:
    """One implementation as it is drawn: sizes, values, the ends of their intervals, and which were raced."""

    implementation: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    raced: tuple[bool, ...]


def time_figure(table: Table, section: Section) -> Figure:
    """Draw time against size, both logarithmic; asv's medians with their 99 % intervals."""
    what = f"time per call; the baseline is {safe(table.baseline, 60)}"
    figure, axes = _framed(table, section, _lines(table, _time_ends), what)
    axes.set_ylabel("time per call (unit at each tick)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _round_seconds(value)))
    return figure


def ratio_figure(table: Table, section: Section) -> Figure:
    """Draw the ratio to the baseline against size, with its interval and the line at 1."""
    what = f"time / time of {safe(table.baseline, 60)}; below 1 is faster"
    figure, axes = _framed(table, section, _lines(table, _ratio_ends), what, around=1.0)
    axes.axhline(1, color=style.BLACK, linewidth=0.9, zorder=1.5)
    _undecided(axes, table)
    _crossings(axes, table)
    axes.set_ylabel("ratio to the baseline (no unit)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    return figure


def _undecided(axes: Axes, table: Table) -> None:
    """Shade the ratios that a race calls the same: within its threshold."""
    found = [cell.raced.threshold for cell in table.cells if cell.raced]
    if found:
        axes.axhspan(
            1 / (1 + max(found)), 1 + max(found), color=style.GREY, alpha=0.18, linewidth=0, zorder=1.2
        )


def _crossings(axes: Axes, table: Table) -> None:
    """Mark the sizes at which a line crosses 1, with their intervals; the labels stand one below another."""
    for number, (name, found) in enumerate(crossings.crossings(table)):
        colour = style.look(name).colour
        axes.axvspan(found.low, found.high, color=colour, alpha=0.15, linewidth=0, zorder=1.1)
        axes.text(
            found.size, 0.98 - _CROSSING_STEP * number, f"n* {crossings.rounded(found.size)}",
            transform=axes.get_xaxis_transform(), color=colour, size=7.5,
            horizontalalignment="center", verticalalignment="top",
        )  # fmt: skip


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
                value, low, high = found
                low = low if low and 0 < low <= value else value
                high = high if high and value <= high < math.inf else value
                points.append((float(column), value, low, high, cell.raced is not None))  # type: ignore[arg-type]
        if points:
            lines.append(Line(row.implementation, *zip(*points, strict=True)))
    return lines


def _framed(
    table: Table, section: Section, lines: Sequence[Line], what: str, around: float | None = None
) -> tuple[Figure, Axes]:
    """Draw the lines with their labels; the margins are known in inches, so nothing overlaps."""
    height = max(_LEAST_HEIGHT, _TOP + _BOTTOM + _LABEL_STEP * (len(lines) + 1))
    right = 0.42 + _CHARACTER * max((len(safe(line.implementation, 30)) for line in lines), default=0)
    with style.context():
        figure = Figure(figsize=(_WIDTH, height))
        FigureCanvasAgg(figure)
        room = (_WIDTH - _LEFT - right, height - _TOP - _BOTTOM)
        axes = figure.add_axes((_LEFT / _WIDTH, _BOTTOM / height, room[0] / _WIDTH, room[1] / height))
        for line in lines:
            _draw(axes, line, line.implementation == table.baseline)
        if any(any(line.raced) for line in lines):
            _hollow(axes, [line for line in lines if line.implementation != table.baseline])
        _scale(axes, lines, around)
        _label(axes, lines, _LABEL_STEP / room[1])
        figure.text(0.1 / _WIDTH, 1 - 0.28 / height, safe(table.title, 66), weight="bold", size=10.5)
        figure.text(0.1 / _WIDTH, 1 - 0.5 / height, what, size=9)
        axes.set_xlabel(f"{safe(table.axis)}{' (number of elements or steps)' if table.axis == 'n' else ''}")
        figure.text(0.1 / _WIDTH, 0.12 / height, caption(table, section), size=7, color=style.GREY)
    return figure, axes


def _draw(axes: Axes, line: Line, baseline: bool) -> None:
    """Draw one implementation; the baseline is broad and pale, so that a line upon it leaves it seen."""
    look = style.look(line.implementation)
    below = [value - low for value, low in zip(line.y, line.low, strict=True)]
    above = [high - value for value, high in zip(line.y, line.high, strict=True)]
    axes.errorbar(
        line.x, line.y, yerr=(below, above), color=look.colour, marker=look.marker, linestyle=look.dash,
        capsize=2.5, elinewidth=1.0, markeredgecolor="white", markeredgewidth=0.5, label=line.implementation,
        linewidth=4.0 if baseline else 1.6, markersize=8.0 if baseline else 5.5,
        alpha=0.5 if baseline else 1.0, zorder=1.8 if baseline else 2.0,
    )  # fmt: skip


def _hollow(axes: Axes, lines: Sequence[Line]) -> None:
    """Mark asv's points among those of races."""
    for line in lines:
        points = [(x, y) for x, y, raced in zip(line.x, line.y, line.raced, strict=True) if not raced]
        if points:
            look = style.look(line.implementation)
            axes.plot(
                *zip(*points, strict=True), color=look.colour, marker=look.marker, linestyle="none",
                markerfacecolor="white", markersize=5.5, zorder=2.1,
            )  # fmt: skip


def _scale(axes: Axes, lines: Sequence[Line], around: float | None) -> None:
    """Set logarithmic axes wide enough for every interval; ticks stand at the sizes measured."""
    xs = sorted({x for line in lines for x in line.x}) or [1.0]
    ys = [y for line in lines for y in (*line.low, *line.high)] + ([around] if around else [])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*widened(xs[0], xs[-1], 0.06))
    axes.set_ylim(*widened(min(ys, default=1.0), max(ys, default=1.0), 0.08))
    axes.xaxis.set_major_locator(FixedLocator(apart(xs)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: words.size(int(x)) if x == int(x) else f"{x:g}")
    )
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator(ticks(*axes.get_ylim())))
    axes.yaxis.set_minor_locator(NullLocator())


def _round_seconds(value: float) -> str:
    """Return a tick's time without the zeros of three digits: "10 ms"."""
    number, unit = words.seconds(value).split(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"


def _label(axes: Axes, lines: Sequence[Line], step: float) -> None:
    """Name each line right of the axes, at its end's height or as near as the others leave room."""
    low, high = (math.log(limit) for limit in axes.get_ylim())
    wanted = [(math.log(line.y[-1]) - low) / (high - low) for line in lines]
    inside = axes.transData + axes.transAxes.inverted()
    for line, end, place in zip(lines, wanted, spread(wanted, step, 0.0, 1.0), strict=True):
        look = style.look(line.implementation)
        start = inside.transform((line.x[-1], line.y[-1]))[0]
        axes.plot(
            (start, 1.0, 1.02), (end, end, place), transform=axes.transAxes, color=look.colour, linewidth=0.8,
            linestyle=(0, (1, 2)), marker=look.marker, markevery=[2], markersize=4.5, clip_on=False, zorder=1,
        )  # fmt: skip
        axes.text(
            1.035, place, safe(line.implementation, 30), transform=axes.transAxes, color=look.colour,
            verticalalignment="center",
        )  # fmt: skip
