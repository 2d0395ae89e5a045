"""Sixteen queries a pass in Rust, a lane each: float32, one sequential sum a query, bits of ``rust_pyo3``."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_batch as _mean
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models.monty.minimal._episode import run_with

SUMS = "sequential"

run = run_with(_mean, _nearest)
