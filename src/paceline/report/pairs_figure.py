"""The pairs of a race as a figure: in their order, with the A/A arm, the interval and the thresholds."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from paceline.escape import figure as safe
from paceline.race.replay import CONFIRM, LOOK, Played, Replayed
from paceline.report import style
from paceline.report.pairs import values_of

_WIDTH, _ROW, _STEAL = 7.6, 2.6, 0.9  # inches
_TOP, _BOTTOM, _LEFT, _RIGHT, _GAP = 0.95, 0.55, 0.85, 0.2, 0.6
MOST_ROWS = 12
_SEEN = {LOOK: (style.BLUE, "o", "a look"), CONFIRM: (style.VERMILION, "D", "confirming")}


def figure(told: Replayed, caption: Sequence[str]) -> Figure:
    """Draw a race: a row for each contender, beneath them the steal of every pair; two lines of caption."""
    names = [one.name for one in told.race.contenders][:MOST_ROWS]
    height = _TOP + _BOTTOM + len(names) * (_ROW + _GAP) + _STEAL
    with style.context():
        drawn = Figure(figsize=(_WIDTH, height))
        FigureCanvasAgg(drawn)
        top = height - _TOP
        for name in names:
            top -= _ROW
            axes = drawn.add_axes(_box(top, _ROW, height))
            _draw(axes, told, name)
            top -= _GAP
        _steal(drawn.add_axes(_box(_BOTTOM, _STEAL, height)), told.pairs)
        drawn.text(0.1 / _WIDTH, 1 - 0.26 / height, safe(told.race.name, 90), weight="bold", size=10.5)
        for line, below in zip(caption[:2], (0.44, 0.6), strict=False):
            drawn.text(0.1 / _WIDTH, 1 - below / height, safe(line, 120), size=7.5, color=style.GREY)
    return drawn


def _box(bottom: float, rows: float, height: float) -> tuple[float, float, float, float]:
    return _LEFT / _WIDTH, bottom / height, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, rows / height


def _draw(axes: Axes, told: Replayed, name: str) -> None:
    """Draw the pairs of one contender; the band is the interval of the estimate that is published."""
    cut = 100 * math.log1p(told.race.threshold)
    for value in (-cut, cut):
        axes.axhline(value, color=style.GREY, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.axhline(0, color=style.BLACK, linewidth=0.9)
    ends = _interval(told.results.get(name, {}))
    if ends:
        axes.axhspan(*ends, color=style.SKY, alpha=0.25, linewidth=0, label="interval")
    for phase, (colour, marker, label) in _SEEN.items():
        own = [one for one in told.pairs if one.phases.get(name) == phase]
        _points(axes, [(one.number, values_of(one, name)[0]) for one in own], colour, marker, label)
    _points(axes, [(one.number, values_of(one, name)[1]) for one in told.pairs], style.BLACK, "x", "A/A")
    axes.set_ylabel("100 ln ratio")
    axes.set_title(_title(told, name), size=9, weight="normal")
    axes.set_xlim(0.5, max(len(told.pairs), 1) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    if axes.get_legend_handles_labels()[0]:
        above = (1.0, 0.99)  # beside the title, where no pair can be
        axes.legend(loc="lower right", bbox_to_anchor=above, fontsize=7, ncols=4, frameon=False)


def _points(
    axes: Axes, found: Sequence[tuple[int, float | None]], colour: str, marker: str, label: str
) -> None:
    known = [(number, value) for number, value in found if value is not None]
    if known:
        xs, ys = zip(*known, strict=True)
        axes.plot(xs, ys, color=colour, marker=marker, linestyle="none", markersize=5, label=label)


def _interval(result: Mapping[str, Any]) -> tuple[float, float] | None:
    low, high = result.get("low"), result.get("high")
    return (100 * math.log(low), 100 * math.log(high)) if low and high and min(low, high) > 0 else None


def _title(told: Replayed, name: str) -> str:
    result = told.results.get(name, {})
    ratio, low, high = (result.get(key) for key in ("ratio", "low", "high"))
    known = ratio is not None and low is not None and high is not None
    numbers = f", {ratio:.3f} ({low:.3f}-{high:.3f})" if known else ""
    against = safe(told.race.baseline.name)
    return f"{safe(name)} / {against}: {safe(result.get('verdict') or result.get('status') or '')}{numbers}"


def _steal(axes: Axes, pairs: Sequence[Played]) -> None:
    known = [(one.number, 100 * one.pair.steal) for one in pairs if one.pair.steal is not None]
    if known:
        xs, ys = zip(*known, strict=True)
        axes.bar(xs, ys, color=style.ORANGE, width=0.6)
    axes.set_xlim(0.5, max(len(pairs), 1) + 0.5)
    axes.set_ylim(0, max([1.0, *(value for _, value in known)]))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_ylabel("steal, %")
    axes.set_xlabel("pair, in the order they were measured")
