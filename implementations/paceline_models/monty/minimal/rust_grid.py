"""Points in cells of a grid in Rust (knn, float64): the same text as ``numba_grid``; else ``rust_pyo3``."""

from __future__ import annotations

from typing import Any

from paceline_models._rust import MontyGrid
from paceline_models._rust import monty_minimal as _mean
from paceline_models.monty.minimal import _checks
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import Index, run_with

SUMS = "sequential"


def prepare(observations: Points) -> Index:
    """Return the observations in cells of the default radius; any radius may be asked for."""
    stored = _checks.points("observations", observations)
    grid = MontyGrid(stored, _checks.default_radius(len(stored)))
    return Index(stored, __name__, grid, grid.nbytes)


def _nearest(source: Index, *search: Any) -> tuple[float, int]:
    return source.index.run(*search)  # type: ignore[no-any-return]


run = run_with(_mean, _nearest, prepare)
