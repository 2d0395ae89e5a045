"""What each change is worth: time without it / time with it, beside what is claimed of it.

Both sides were raced against one baseline, mostly: worth = (without / baseline) / (with / baseline). Its
interval adds both (in quadrature, on logarithms), and so is wider than that of a race of the two.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from paceline.report import cells, words
from paceline.report.claims import Claim
from paceline.report.contents import Cell, Section, Table
from paceline.stats.ratio import Median, Ratio, ratio

MOST = 8  # cases in a line; the summary as JSON has all
EVEN = 0.025  # what a change is worth at least, to be worth something; a claim is known no better
OPEN = "open"


@dataclass(frozen=True)
class Worth:
    """What a change is worth in one case; ``paired`` where both ratios were raced."""

    benchmark: str
    title: str
    column: str
    axes: dict[str, object]
    ratio: Ratio
    paired: bool


@dataclass(frozen=True)
class Ablation:
    """A claim and what was measured of it; no cases: nothing was."""

    claim: Claim
    family: str
    cases: tuple[Worth, ...]


def ablations(section: Section, claims: Iterable[Claim]) -> list[Ablation]:
    """Return every claim about a model that this section has, in the order of the claims."""
    found = []
    for claim in claims:
        tables = [table for table in section.tables if _about(claim, table)]
        if tables:
            cases = tuple(worth for table in tables for worth in _worths(claim, table))
            found.append(Ablation(claim, tables[0].family, cases))
    return found


def _about(claim: Claim, table: Table) -> bool:
    return table.model == claim.model and claim.benchmark in table.benchmark


def _worths(claim: Claim, table: Table) -> Iterator[Worth]:
    rows = {row.implementation: row for row in table.rows}
    without, changed = rows.get(claim.without), rows.get(claim.with_)
    if without is None or changed is None:
        return
    heads = cells.columns(table)
    for place, column in enumerate(table.columns):
        found = _worth(without.cells[place], changed.cells[place])
        if found:
            paired = not any(table.unpaired(row, row.cells[place]) for row in (without, changed))
            head = heads[place] if table.axis else ""
            yield Worth(table.benchmark, table.title, head, dict(table.axes(column)), found, paired)


def _worth(without: Cell, changed: Cell) -> Ratio | None:
    sides = [_median(cell) for cell in (without, changed)]
    return ratio(sides[0], sides[1]) if sides[0] and sides[1] else None


def _median(cell: Cell) -> Median | None:
    found = cell.ratio
    return Median(found.value, found.low, found.high) if found and 0 < found.value < math.inf else None


def claimed(claim: Claim) -> str:
    """Say what is claimed, unescaped."""
    if claim.low is None or claim.high is None:
        return claim.text or "nothing"
    ends = [words.three_digits(end).rstrip("0").rstrip(".") for end in (claim.low, claim.high)]
    return f"{ends[0]}x" if claim.low == claim.high else f"{ends[0]}-{ends[1]}x"


def verdict(found: Ablation) -> str:
    """Say how the cases stand to the claim: inside it, below it, above it, open, or some of each."""
    claim = found.claim
    if not found.cases:
        return "not measured"
    if claim.low is None or claim.high is None:
        return ""
    told = [_against(worth, claim.low, claim.high) for worth in found.cases]
    if len(set(told)) == 1:
        return told[0]
    return ", ".join(f"{told.count(one)} {one}" for one in dict.fromkeys(told))


def _against(worth: Worth, low: float, high: float) -> str:
    """Judge one case by its whole interval: inside what is claimed, off it, or else open."""
    ends = _ends(worth)
    if ends is None:
        return OPEN
    if low / (1 + EVEN) <= ends[0] and ends[1] <= high * (1 + EVEN):
        return "as claimed"
    if ends[1] < low:
        return "slower, not faster" if ends[1] < 1 - EVEN and low > 1 else "less"
    return "more" if ends[0] > high else OPEN


def _ends(worth: Worth) -> tuple[float, float] | None:
    """Return the interval's ends, None for none; times of separate runs may be off by 10 % on top."""
    if worth.ratio.low is None or worth.ratio.high is None:
        return None
    more = 1.0 if worth.paired else words.UNPAIRED_BELOW
    return worth.ratio.low / more, worth.ratio.high * more


def measured(cases: Sequence[Worth]) -> Iterator[str]:
    """Yield what each case is worth, unescaped: "n = 365: 1.02x (1.00-1.04)"."""
    several = len({worth.title for worth in cases}) > 1
    for worth in cases[:MOST]:
        case = ", ".join(filter(None, (worth.title if several else "", worth.column))) or worth.title
        mark = "" if worth.paired else " ‡"
        times = words.ratio(worth.ratio).replace(" ", "x ", 1)
        yield f"{case}: {times}{mark}"
    if len(cases) > MOST:
        yield f"and {len(cases) - MOST} more"
