"""What share of the machine's bandwidth a row reaches: its bytes over its time, over the most there is.

Bytes are those that must be read or written once. A suite says them in ``claims.toml``, and names the
benchmark that tracks the machine's limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from paceline.report.claims import Limit
from paceline.report.contents import Section, Table
from paceline.report.grids import numeric
from paceline.results.measurements import Scalar


@dataclass(frozen=True)
class Share:
    """One case: the limit in bytes a second, and by implementation the share of it, the best first."""

    table: Table
    size: float
    limit: float
    reached: tuple[tuple[str, float], ...]


def shares(section: Section, limit: Limit | None) -> Iterator[Share]:
    """Yield the largest size of every table that the suite told bytes of, and whose limit was measured."""
    if limit is None:
        return
    for table in section.tables:
        row = limit.rows.get(table.benchmark.rpartition(".")[0])
        if row is None or table.axis is None or not numeric(table.columns):
            continue
        known = dict(_limits(section, limit, row.params))
        places = [place for place, column in enumerate(table.columns) if column in known]
        for place in places[-1:]:
            size = float(table.columns[place])  # type: ignore[arg-type]
            most = known[table.columns[place]]
            reached = [
                (one.implementation, row.bytes * size / least.value / most)
                for one in table.rows
                if (least := one.cells[place].least) and least.value > 0  # as the limit is
            ]
            if reached:
                yield Share(table, size, most, tuple(sorted(reached, key=lambda one: -one[1])))


def _limits(section: Section, limit: Limit, params: Mapping[str, Scalar]) -> Iterator[tuple[Scalar, float]]:
    """Yield what the machine can do at most, by size."""
    for table in section.tracked:
        if table.benchmark != limit.benchmark or any(
            dict(table.fixed).get(k) != v for k, v in params.items()
        ):
            continue
        for row in table.rows:
            for column, cell in zip(table.columns, row.cells, strict=True):
                if cell.median and cell.median.value > 0:
                    yield column, cell.median.value
