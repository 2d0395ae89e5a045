"""Every figure of a report: where it lies, what draws it, and a mark that tells whether it would change."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from paceline.report import caches, figures, first_calls, heatmap, places, precision
from paceline.report.contents import Report

_SOURCES = (
    "advice", "caches", "call_times", "captions", "cells", "crossings", "doubts", "figures", "first_calls",
    "grids", "heatmap", "places", "plot", "precision", "scales", "style", "words", "../escape",
    "../stats/crossover", "../stats/ratio",
)  # fmt: skip

MARK = re.compile(rb"paceline [0-9a-f]{24}\b")


@dataclass(frozen=True)
class Drawing:
    """A figure that can be drawn; ``told`` is everything that it shows."""

    stem: Path
    draw: Callable[[], Figure]
    told: object

    def path(self, ending: str) -> Path:
        """Return its place in the report's folder."""
        return self.stem.with_name(f"{self.stem.name}.{ending}")

    @functools.cached_property
    def mark(self) -> str:
        """Return a text that is another one when the figure would look different."""
        text = f"{_drawn_by()}\0{self.told!r}".encode("utf-8", "surrogatepass")
        return f"paceline {hashlib.sha256(text).hexdigest()[:24]}"


def drawings(report: Report) -> list[Drawing]:
    """Return every figure of a report: heat-maps, times and ratios by size, times by calls and by error."""
    found: list[Drawing] = []
    pictured = places.pictured(report)
    for place, folder in places.folders(report).items():
        section = report.sections[place]
        root = Path("figures", folder)
        for sheet in heatmap.sheets(section):
            stem = root / places.heat_stem(sheet.title, sheet.baseline)
            draw = functools.partial(heatmap.sheet_figure, section, sheet)
            found.append(Drawing(stem, draw, (sheet, section.run.machine, section.run.commit)))
        about = (section.run.machine, section.run.commit, section.run.date, section.run.environment)
        for table in pictured[place]:
            name, left = places.stem(table), caches.edges(table, section, report.limit)
            time = functools.partial(figures.time_figure, table, section, left)
            ratio = functools.partial(figures.ratio_figure, table, section)
            found.append(Drawing(root / f"{name}-time", time, ("time", table, about, left)))
            found.append(Drawing(root / f"{name}-ratio", ratio, ("ratio", table, about)))
        for told in first_calls.drawable(first_calls.first_calls(section, report.references)):
            stem = root / f"{places.stem(told.table)}-calls"
            found.append(Drawing(stem, functools.partial(figures.calls_figure, told, section), (told, about)))
        for one in precision.precisions(section):
            stem = root / f"{places.stem(one.table)}-error"
            found.append(
                Drawing(stem, functools.partial(precision.precision_figure, one, section), (one, about))
            )
    return found


@functools.cache
def _drawn_by() -> str:
    """Return what draws: matplotlib's version, and a hash of the modules that figures are made by."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for name in _SOURCES:
        digest.update((folder / f"{name}.py").read_bytes())
    return f"{matplotlib.__version__} {digest.hexdigest()}"
