"""The same cases in two places: two machines, or two epochs of one host.

Times of two places are divided as they are: they were measured apart (unpaired), and whatever differs between
the places is in them. A ratio to the baseline was raced within each place; the shift, ratio there / ratio
here, says whether implementations compare with each other as before. Its interval adds both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from paceline.report import cells, words
from paceline.report.contents import Cell, Section, Table
from paceline.report.grids import Axes
from paceline.results.measurements import Scalar
from paceline.stats.ratio import Median, Ratio, geometric_mean, ratio

EVEN = 0.025  # a shift within it is none
HOLDS, LOWER, HIGHER, OPEN = "holds", "lower", "higher", "open"


@dataclass(frozen=True)
class Place:
    """One side: its name for people, and what was measured there."""

    name: str
    section: Section


@dataclass(frozen=True)
class Met:
    """One case that both places have, or one of them: None where a place does not know it."""

    implementation: str
    column: Scalar
    first: Cell | None
    second: Cell | None

    @property
    def time(self) -> Ratio | None:
        """Time there / time here, unpaired: below 1, the second place is faster."""
        sides = [one.least if one else None for one in (self.second, self.first)]
        if not all(side and 0 < side.value < math.inf for side in sides):
            return None
        return ratio(sides[0], sides[1])  # type: ignore[arg-type]

    @property
    def shift(self) -> Ratio | None:
        """Ratio to the baseline there / ratio here."""
        sides = [one.ratio if one else None for one in (self.second, self.first)]
        if not all(side and 0 < side.value < math.inf for side in sides):
            return None
        there, here = (Median(side.value, side.low, side.high) for side in sides if side)
        return ratio(there, here)

    @property
    def verdict(self) -> str:
        """Whether the ratio holds, is lower or higher there, or is open; empty where there is no shift."""
        found = self.shift
        if found is None:
            return ""
        way = LOWER if found.value < 1 else HIGHER
        if not (self.first and self.second and self.first.raced and self.second.raced):
            return way if words.claims(found) else OPEN
        if found.low is None or found.high is None:
            return OPEN
        if 1 / (1 + EVEN) <= found.low and found.high <= 1 + EVEN:
            return HOLDS
        return way if found.decided and abs(math.log(found.value)) > math.log1p(EVEN) else OPEN


@dataclass(frozen=True)
class Match:
    """One table of both places; ``baseline`` is None where they have different ones: no shifts then."""

    name: str
    title: str
    family: str
    model: str
    benchmark: str
    fixed: Axes
    axis: str | None
    columns: tuple[Scalar, ...]
    baseline: str | None
    rows: Mapping[str, tuple[Met, ...]]

    @property
    def met(self) -> Iterator[Met]:
        """Every case, row by row."""
        return (met for row in self.rows.values() for met in row)


@dataclass(frozen=True)
class Contrast:
    """Two places, their tables, and what differs between them as (what, here, there)."""

    kind: str  # "machines" or "epochs"
    first: Place
    second: Place
    matches: tuple[Match, ...]
    differs: tuple[tuple[str, str, str], ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """Every family, in the suite's order."""
        return tuple(dict.fromkeys(match.family for match in self.matches))


def contrast(kind: str, first: Place, second: Place, more: Sequence[tuple[str, str, str]] = ()) -> Contrast:
    """Put two places side by side; what neither side can be compared in is left out."""
    there = {_key(table): table for table in second.section.tables}
    pairs = ((table, there.get(_key(table))) for table in first.section.tables)
    matches = [_match(table, other) for table, other in pairs if other is not None]
    kept = tuple(match for match in matches if any(met.time for met in match.met))
    known = [(label, here, there) for label, here, there in _hosts(first, second) if here != there]
    return Contrast(kind, first, second, kept, (*known, *more))


def _hosts(first: Place, second: Place) -> Iterator[tuple[str, str, str]]:
    here, there = cells.host(first.section), cells.host(second.section)
    for label in here:
        if label not in ("measured", "environment"):
            yield label, here[label], there.get(label, "not recorded")


def _key(table: Table) -> tuple[str, Axes, str | None]:
    return table.benchmark, table.fixed, table.axis


def _match(table: Table, other: Table) -> Match:
    columns = tuple(dict.fromkeys((*table.columns, *other.columns)))
    names = dict.fromkeys(row.implementation for one in (table, other) for row in one.rows)
    sides = [_cells(table), _cells(other)]
    rows = {
        name: tuple(Met(name, column, *(side.get((name, column)) for side in sides)) for column in columns)
        for name in names
    }
    return Match(
        table.name,
        table.title,
        table.family,
        table.model,
        table.benchmark,
        table.fixed,
        table.axis,
        columns,
        table.baseline if table.baseline == other.baseline else None,
        rows,
    )


def _cells(table: Table) -> dict[tuple[str, Scalar], Cell]:
    return {
        (row.implementation, column): cell
        for row in table.rows
        for column, cell in zip(table.columns, row.cells, strict=True)
    }


@dataclass(frozen=True)
class Speed:
    """How one implementation's times compare over a family: the geometric mean over models of one weight."""

    family: str
    implementation: str
    value: float
    models: int
    cases: int


def speeds(found: Contrast) -> Iterator[Speed]:
    """Yield for every family and implementation the mean of time there / time here."""
    for family in found.families:
        own = [match for match in found.matches if match.family == family]
        for name in dict.fromkeys(name for match in own for name in match.rows):
            by_model: dict[str, list[float]] = {}
            for match in own:
                for met in match.rows.get(name, ()):
                    if met.time:
                        by_model.setdefault(match.name, []).append(met.time.value)
            means = [mean for values in by_model.values() if (mean := geometric_mean(values)) is not None]
            whole = geometric_mean(means)
            if whole is not None:
                yield Speed(family, name, whole, len(means), sum(map(len, by_model.values())))
