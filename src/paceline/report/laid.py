"""What a report's tables on the terminal are made of: figures with their signs, and tables of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table as RichTable
from rich.text import Text

from paceline.escape import plain
from paceline.report import sources, words
from paceline.report.contents import Cell, Row, Section, Table
from paceline.report.races import GAP, STYLES

SAME, OPEN = "=", "?"


@dataclass(frozen=True)
class Form:
    """How much a line has: names on one line or broken at "_", ratios with their spread or without."""

    broken: bool = False
    spread: bool = True


WIDE, BROKEN, BARE = Form(), Form(broken=True), Form(broken=True, spread=False)


def figure(table: Table, row: Row, cell: Cell, form: Form) -> Text:
    """Return a cell's ratio with its spread and sign; else its time, or the word for why there is none."""
    if cell.median is None:
        return Text(plain(cell.status, 30), style="dim")
    if row.implementation == table.baseline or not table.baseline:
        return Text(words.seconds(cell.median.value))
    if cell.ratio is None:
        return Text(plain(cell.status, 30), style="dim")
    told = words.ratio_and_spread(cell.ratio)
    if not form.spread:
        told = told.partition(" ")[0]
    return Text(f"{told} {_sign(cell)}".rstrip(), style=_style(cell))


def _sign(cell: Cell) -> str:
    if cell.raced is None:
        return sources.UNPAIRED
    return {"same": SAME, "inconclusive": OPEN}.get(cell.raced.verdict, "")


def signs(section: Section) -> str:
    """Say what the signs beside ratios mean, those that are there."""
    raced = [one for one in section.raced if one.verdict]
    threshold = words.percent(max((one.threshold for one in raced), default=0.0))
    told = (
        (any(one.verdict == "same" for one in raced), f"{SAME} same within {threshold}"),
        (any(one.verdict == "inconclusive" for one in raced), f"{OPEN} not decided"),
        (section.unpaired > 0, sources.UNPAIRED_NOTE),
    )
    return "; ".join(text for there, text in told if there)


def _style(cell: Cell) -> str:
    if cell.raced:
        return STYLES.get(cell.raced.verdict, "")
    if cell.ratio is None or not words.claims(cell.ratio):
        return ""
    return STYLES["faster" if cell.ratio.value < 1 else "slower"]


def width(lines: Sequence[Sequence[Text]]) -> int:
    """Return how many characters lines of cells need, side by side."""
    columns = zip(*lines, strict=True)
    widest = (
        max(Text(part).cell_len for text in column for part in text.plain.split("\n")) for column in columns
    )
    return sum(width + GAP for width in widest) - GAP


def made(lines: Sequence[Sequence[Text]]) -> RichTable:
    """Return lines of cells as a table; the first line holds the headings."""
    shown = RichTable(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    headings, *rows = lines
    text = 2 if str(headings[0]) == "model" else 1
    for place, heading in enumerate(headings):
        shown.add_column(heading, justify="right" if place >= text else "left", overflow="fold")
    for row in rows:
        shown.add_row(*row)
    return shown
