"""Writes a report's files; everything else in this package only makes them."""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator, Set
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
    figures = [folder / one.path(ending) for one in every for ending in ENDINGS]
    if not report.partial:
        _remove_others(folder / "figures", set(figures))
    return written + figures


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


def _remove_others(folder: Path, figures: Set[Path]) -> None:
    """Remove the figures of earlier reports that this one does not have; what is not ours has no mark."""
    for ending in ENDINGS:
        for path in set(folder.rglob(f"*.{ending}")) - figures:
            if drawings.MARK.search(_head(path)):
                path.unlink(missing_ok=True)


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _stands(folder: Path, one: Drawing, ending: str) -> bool:
    """Whether a file shows this very drawing: its mark stands in its first bytes."""
    return one.mark.encode() in _head(folder / one.path(ending))


def _texts(report: Report) -> Iterator[tuple[Path, bytes]]:
    yield Path("summary.md"), markdown.document(report).encode("utf-8", "replace")
    text = json.dumps(strict(summary.document(report)), indent=2, allow_nan=False)
    yield Path("summary.json"), f"{text}\n".encode()
