"""The geometric means of a family's ratios, in which every model has one weight."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from paceline.report.contents import USUAL, Mean, Table
from paceline.stats.ratio import geometric_mean


def means(tables: Sequence[Table]) -> tuple[Mean, ...]:
    """Average the ratios of each implementation by family and baseline; see ``Mean``."""
    usual = {table.name for table in tables if table.function in USUAL}
    main = [table for table in tables if table.function in USUAL or table.name not in usual]
    groups = dict.fromkeys((table.family, table.baseline) for table in main)
    return tuple(
        mean
        for family, baseline in groups
        if baseline is not None
        for mean in _family_means(
            family, baseline, [each for each in main if (each.family, each.baseline) == (family, baseline)]
        )
    )


@dataclass
class _Ratios:
    """One implementation's ratios by model, and how many of them are asv's."""

    by_model: dict[str, list[float]] = field(default_factory=dict)
    unpaired: int = 0

    def take(self, table: Table) -> None:
        """Take in what a table has of it."""
        for row in table.rows:
            for cell in row.cells:
                if cell.ratio and 0 < cell.ratio.value < math.inf:
                    self.by_model.setdefault(table.name, []).append(cell.ratio.value)
                    self.unpaired += table.unpaired(row, cell)


def _family_means(family: str, baseline: str, tables: Sequence[Table]) -> Iterator[Mean]:
    """A model's own mean is over its sizes and other axes; the family's is over the models' means."""
    of_models, of_cases = len({table.name for table in tables}), sum(len(table.columns) for table in tables)
    for name in dict.fromkeys(row.implementation for table in tables for row in table.rows):
        found = _Ratios()
        for table in tables:
            found.take(_only(table, name))
        each = [mean for values in found.by_model.values() if (mean := geometric_mean(values)) is not None]
        whole = geometric_mean(each)
        if whole is not None and name != baseline:
            cases = sum(map(len, found.by_model.values()))
            yield Mean(family, baseline, name, whole, len(each), of_models, cases, of_cases, found.unpaired)


def _only(table: Table, name: str) -> Table:
    return replace(table, rows=tuple(row for row in table.rows if row.implementation == name))
