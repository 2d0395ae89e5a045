"""Figures of one table: time against size and ratio against size, as matplotlib figures (no pyplot)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from paceline.report import places, style, words
from paceline.report.contents import Cell, Section, Table
from paceline.report.escape import figure as safe

_WIDTH, _LEAST_HEIGHT = 7.6, 4.2  # inches
_LABEL_STEP = 0.19  # inches from one line's label to the next
_TOP, _BOTTOM, _LEFT = 0.72, 0.95, 0.85  # inches around the axes
_CHARACTER = 0.082  # inches, a wide letter of a label


@dataclass(frozen=True)
class Line:
    """One implementation as it is drawn: sizes, values and the ends of their intervals."""

    implementation: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


def time_figure(table: Table, section: Section) -> Figure:
    """Draw time against size, both logarithmic, with asv's 99 % intervals."""
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
    axes.set_ylabel("ratio to the baseline (no unit)")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    return figure


def spread(wanted: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Move places apart until neighbours are a step away, near where they want to be, within bounds.

    The mean of pushing up and pushing down keeps the distance, and a cluster around its middle. When
    all do not fit, they share the room evenly.
    """
    step = min(step, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    up = _pushed_up([wanted[index] for index in order], step, low, high)
    down = _pushed_up([-wanted[index] for index in reversed(order)], step, -high, -low)
    middle = [(one - other) / 2 for one, other in zip(up, reversed(down), strict=True)]
    return [place for _, place in sorted(zip(order, middle, strict=True))]


def _pushed_up(ascending: Sequence[float], step: float, low: float, high: float) -> list[float]:
    """Lift each place above the one below it, then push back what was lifted out of bounds."""
    placed = []
    floor = low
    for wanted in ascending:
        placed.append(max(wanted, floor))
        floor = placed[-1] + step
    ceiling = high
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - step
    return placed


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
                points.append((float(column), value, low, high))  # type: ignore[arg-type]
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
        _scale(axes, lines, around)
        _label(axes, lines, _LABEL_STEP / room[1])
        figure.text(0.1 / _WIDTH, 1 - 0.28 / height, safe(table.title, 66), weight="bold", size=10.5)
        figure.text(0.1 / _WIDTH, 1 - 0.5 / height, what, size=9)
        axes.set_xlabel(f"{safe(table.axis)}{' (number of elements or steps)' if table.axis == 'n' else ''}")
        figure.text(0.1 / _WIDTH, 0.12 / height, _caption(table, section), size=7, color=style.GREY)
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


def _scale(axes: Axes, lines: Sequence[Line], around: float | None) -> None:
    """Set logarithmic axes wide enough for every interval; ticks stand at the sizes measured."""
    xs = sorted({x for line in lines for x in line.x}) or [1.0]
    ys = [y for line in lines for y in (*line.low, *line.high)] + ([around] if around else [])
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(*_widened(xs[0], xs[-1], 0.06))
    axes.set_ylim(*_widened(min(ys, default=1.0), max(ys, default=1.0), 0.08))
    axes.xaxis.set_major_locator(FixedLocator(_apart(xs)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda x, _: words.size(int(x)) if x == int(x) else f"{x:g}")
    )
    axes.xaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_locator(FixedLocator(ticks(*axes.get_ylim())))
    axes.yaxis.set_minor_locator(NullLocator())


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers on a logarithmic axis: as many as have room, none nearer than a twelfth of it."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    decades = [10.0**power for power in range(first, last + 1)]
    every = max(1, (last - first) // 8)
    candidates = [decades[::every], *([digit * ten for ten in decades for digit in kind] for kind in _DIGITS)]
    if high / low < 20:
        steps = [digit * ten / 100 for ten in decades for digit in (1, 2, 5)]
        candidates += [_multiples(step, low, high) for step in steps]
    inside = [[float(f"{tick:.6g}") for tick in each if low <= tick <= high] for each in candidates]
    least = math.log(high / low) / 12
    roomy = [each for each in inside if all(math.log(b / a) >= least for a, b in itertools.pairwise(each))]
    return max(roomy, key=len, default=[])


_DIGITS = ((1, 3), (1, 2, 5))


def _multiples(step: float, low: float, high: float) -> list[float]:
    count = math.floor(high / step)
    return [] if count > 2000 else [step * k for k in range(max(1, math.ceil(low / step)), count + 1)]


def _round_seconds(value: float) -> str:
    """Return a tick's time without the zeros of three digits: "10 ms"."""
    number, unit = words.seconds(value).split(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number} {unit}"


def _widened(low: float, high: float, share: float) -> tuple[float, float]:
    """Return limits with some room on a logarithmic axis; at least a factor of 1.5 from end to end."""
    room = max(share * math.log(high / low), (math.log(1.5) - math.log(high / low)) / 2)
    return low / math.exp(room), high * math.exp(room)


def _apart(xs: Sequence[float]) -> list[float]:
    """Return the sizes whose tick labels have room: the largest first, none too near to it."""
    span = math.log(xs[-1] / xs[0]) or 1.0
    kept: list[float] = []
    for x in reversed(xs):
        if not kept or math.log(kept[-1] / x) / span > 0.1:
            kept.append(x)
    return kept[::-1]


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


def _caption(table: Table, section: Section) -> str:
    run = section.run
    host = ", ".join(filter(None, (run.machine.name, run.machine.cpu)))
    first = (
        f"{safe(host, 90)}; commit {safe(run.commit[:8])} of {run.date:%Y-%m-%d}; {safe(run.environment, 40)}"
    )
    second = "bars: about 99 %, from asv's separate (unpaired) runs"
    absent = sum(not usable for usable in places.sizes(table))
    missing = sum(cell.median is None for row in table.rows for cell in row.cells)
    if missing:
        second += f"; {missing} cases failed, skipped or unmeasured: see the table"
    if absent:
        second += f"; {absent} sizes not above 0 are not drawn"
    return f"{first}\n{second}"
