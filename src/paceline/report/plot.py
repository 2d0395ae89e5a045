"""The frame of every figure with lines: logarithmic axes, intervals, and names at the lines' ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from paceline.escape import figure as safe
from paceline.report import style, words
from paceline.report.scales import apart, spread, ticks, widened

_WIDTH, _LEAST_HEIGHT = 7.6, 4.2  # inches
_LABEL_STEP = 0.19  # inches from one line's label to the next
_TOP, _BOTTOM = 0.72, 1.05  # inches above and below the axes
_CHARACTER = 0.082  # inches, a wide letter of a label


@dataclass(frozen=True)
class Line:
    """One implementation as it is drawn: sizes, values, the ends of their intervals, and which were raced.

    ``more`` stands behind its name at the line's end.
    """

    implementation: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    raced: tuple[bool, ...]
    more: str = ""

    @property
    def label(self) -> str:
        """What stands at the line's end."""
        return safe(self.implementation, 30) + self.more


@dataclass(frozen=True)
class Frame:
    """What is written around the lines; ``baseline`` is drawn broad and pale, ``around`` stays in sight.

    ``left`` has room for the labels of the y axis, in inches.
    """

    title: str
    what: str
    across: str
    caption: str
    baseline: str | None = None
    around: float | None = None
    left: float = 0.92


def framed(frame: Frame, lines: Sequence[Line]) -> tuple[Figure, Axes]:
    """Draw the lines with their labels; the margins are known in inches, so nothing overlaps."""
    height = max(_LEAST_HEIGHT, _TOP + _BOTTOM + _LABEL_STEP * (len(lines) + 1))
    width = _WIDTH + _CHARACTER * max((len(line.more) for line in lines), default=0)
    right = 0.42 + _CHARACTER * max((len(line.label) for line in lines), default=0)
    with style.context():
        figure = Figure(figsize=(width, height))
        FigureCanvasAgg(figure)
        room = (width - frame.left - right, height - _TOP - _BOTTOM)
        axes = figure.add_axes((frame.left / width, _BOTTOM / height, room[0] / width, room[1] / height))
        for line in lines:
            _draw(axes, line, line.implementation == frame.baseline)
        if any(any(line.raced) for line in lines):
            _hollow(axes, [line for line in lines if line.implementation != frame.baseline])
        _scale(axes, lines, frame.around)
        _label(axes, lines, _LABEL_STEP / room[1])
        figure.text(0.1 / width, 1 - 0.28 / height, safe(frame.title, 66), weight="bold", size=10.5)
        figure.text(0.1 / width, 1 - 0.5 / height, frame.what, size=9)
        axes.set_xlabel(frame.across)
        figure.text(0.1 / width, 0.12 / height, frame.caption, size=7, color=style.GREY)
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


def round_seconds(value: float) -> str:
    """Return a tick's time without the zeros of three digits: "10 ms"."""
    if value >= 1e5:
        return f"{value:,.0f} s"
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
            1.035, place, line.label, transform=axes.transAxes, color=look.colour,
            verticalalignment="center",
        )  # fmt: skip
