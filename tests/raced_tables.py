"""Tables of raced ratios, as tests of crossovers need them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from paceline.report.contents import Cell, Row, Table
from paceline.results.measurements import Scalar
from paceline.results.raced import Raced, RaceRun
from paceline.stats.ratio import Median, Ratio

Case = tuple[float, float | None, float | None, str]


def raced_table(sizes: Sequence[Scalar], cases: Sequence[Case]) -> Table:
    """Return a table of one implementation: a ratio, its interval and its verdict at each size."""
    run = RaceRun("run", "sample", datetime(2026, 1, 31, tzinfo=UTC))
    own = tuple(
        Cell(
            "measured",
            Median(value),
            Ratio(value, low, high),
            raced=Raced(run, "f.M.time_run", "1", {}, "numba_jit", "rust_pyo3", "ok", verdict=verdict),
        )
        for value, low, high, verdict in cases
    )
    rows = (Row("rust_pyo3", own),)
    return Table("m", "m", "f", "f.M.time_run", "seconds", (), "n", tuple(sizes), rows, "numba_jit")
