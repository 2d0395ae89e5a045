"""The seed's loop in Rust, its vector growing as it is filled; as ``rust_pyo3`` otherwise."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_no_prealloc as _mean
from paceline_models.monty.minimal._episode import run_with

SUMS = "sequential"

run = run_with(_mean, _nearest)
