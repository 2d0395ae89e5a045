"""Every figure of a report: where it lies, what draws it, and a mark that tells whether it would change."""

from __future__ import annotations

import functools
import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib
from matplotlib.figure import Figure

from paceline.report import figures, first_calls, heatmap, places
from paceline.report.contents import Report

_SOURCES = (
    "advice", "captions", "cells", "crossings", "figures", "first_calls", "heatmap", "plot", "scales",
    "style", "words",
)  # fmt: skip
_FEW = 6  # figures: as many are drawn without further processes
_JOBS: list[object] = []  # what forked processes find: figures are made of values that need no pickling


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
    """Return every figure of a report: heat-maps, times and ratios by size, costs by calls."""
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
            for kind, make in (("time", figures.time_figure), ("ratio", figures.ratio_figure)):
                stem = root / f"{places.stem(table)}-{kind}"
                found.append(Drawing(stem, functools.partial(make, table, section), (kind, table, about)))
        for told in first_calls.drawable(first_calls.first_calls(section, report.references)):
            stem = root / f"{places.stem(told.table)}-calls"
            found.append(Drawing(stem, functools.partial(figures.calls_figure, told, section), (told, about)))
    return found


def each(
    wanted: Sequence[Drawing], work: Callable[[Drawing], list[bytes]]
) -> Iterator[tuple[Drawing, list[bytes]]]:
    """Yield what ``work`` makes of each drawing, in order; many of them on all processors.

    Processes are forked, so that nothing but an index goes in and nothing but images come out. Where forking
    is not safe (macOS), one process does it all.
    """
    processes = min(_processors(), len(wanted))
    if processes < 2 or len(wanted) < _FEW or sys.platform != "linux":
        yield from ((one, work(one)) for one in wanted)
        return
    _JOBS[:] = [functools.partial(work, one) for one in wanted]
    try:
        with multiprocessing.get_context("fork").Pool(processes) as pool:
            yield from zip(wanted, pool.imap(_work, range(len(wanted)), chunksize=4), strict=True)
    finally:
        _JOBS.clear()


def _work(number: int) -> list[bytes]:
    job: Callable[[], list[bytes]] = _JOBS[number]  # type: ignore[assignment]
    return job()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@functools.cache
def _drawn_by() -> str:
    """Return what draws: matplotlib's version, and a hash of the modules that figures are made by."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for name in _SOURCES:
        digest.update((folder / f"{name}.py").read_bytes())
    return f"{matplotlib.__version__} {digest.hexdigest()}"
