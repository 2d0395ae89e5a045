"""Writes a report's files; everything else in this package only makes them."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

from matplotlib.figure import Figure

from paceline import processes
from paceline.output import strict, write_file
from paceline.report import drawings, markdown, style, summary
from paceline.report.contents import Report
from paceline.report.drawings import Drawing

ENDINGS = ("svg", "png")
_HEAD = 4096  # bytes of an image that hold what it says of itself


def write(report: Report, folder: Path) -> list[Path]:
    """Write summary.md, summary.json and the figures; return what there is, in that order.

    A figure that would be drawn just as it stands there already is not drawn again.
    """
    written = []
    for path, content in _texts(report):
        write_file(folder / path, content)
        written.append(folder / path)
    every = drawings.drawings(report)
    fresh = [one for one in every if not all(_stands(folder, one, ending) for ending in ENDINGS)]
    for one, images in zip(fresh, processes.each(_images, fresh), strict=True):
        for ending, content in zip(ENDINGS, images, strict=True):
            write_file(folder / one.path(ending), content)
    return written + [folder / one.path(ending) for one in every for ending in ENDINGS]


def image(figure: Figure, ending: str, mark: str = "") -> bytes:
    """Return a figure as SVG or PNG; the same figure gives the same bytes. ``mark`` is its description."""
    buffer = io.BytesIO()
    metadata: dict[str, str | None] = {"Date": None} if ending == "svg" else {}
    if mark:
        metadata["Description"] = mark
    with style.context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.savefig(buffer, format=ending, dpi=144, metadata=metadata)
    return buffer.getvalue()


def _images(one: Drawing) -> list[bytes]:
    figure = one.draw()
    return [image(figure, ending, one.mark) for ending in ENDINGS]


def _stands(folder: Path, one: Drawing, ending: str) -> bool:
    """Whether a file shows this very drawing: its mark stands in its first bytes."""
    try:
        with (folder / one.path(ending)).open("rb") as file:
            return one.mark.encode() in file.read(_HEAD)
    except OSError:
        return False


def _texts(report: Report) -> Iterator[tuple[Path, bytes]]:
    yield Path("summary.md"), markdown.document(report).encode("utf-8", "replace")
    text = json.dumps(strict(summary.document(report)), indent=2, allow_nan=False)
    yield Path("summary.json"), f"{text}\n".encode()
