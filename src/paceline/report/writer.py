"""Writes a report's files; everything else in this package only makes them."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

from matplotlib.figure import Figure

from paceline.output import strict, write_file
from paceline.report import figures, markdown, places, style, summary
from paceline.report.contents import Report


def write(report: Report, folder: Path) -> list[Path]:
    """Write summary.md, summary.json and the figures; return what was written, in that order."""
    written = []
    for path, content in _files(report):
        write_file(folder / path, content)
        written.append(folder / path)
    return written


def image(figure: Figure, ending: str) -> bytes:
    """Return a figure as SVG or PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    metadata = {"Date": None} if ending == "svg" else {}
    with style.context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=ending, dpi=144, metadata=metadata)
    return buffer.getvalue()


def _files(report: Report) -> Iterator[tuple[Path, bytes]]:
    yield Path("summary.md"), markdown.document(report).encode("utf-8", "replace")
    text = json.dumps(strict(summary.document(report)), indent=2, allow_nan=False)
    yield Path("summary.json"), f"{text}\n".encode()
    for place, folder in places.folders(report).items():
        section = report.sections[place]
        for table in filter(places.drawable, section.tables):
            stem = Path("figures", folder, places.stem(table))
            drawn = {
                "time": figures.time_figure(table, section),
                "ratio": figures.ratio_figure(table, section),
            }
            for kind, figure in drawn.items():
                for ending in ("svg", "png"):
                    yield stem.with_name(f"{stem.name}-{kind}.{ending}"), image(figure, ending)
