"""The seed's loop in Rust, every observation copied when it is fetched; as ``rust_pyo3`` otherwise."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_clone as _mean
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models.monty.minimal._episode import run_with

SUMS = "sequential"

run = run_with(_mean, _nearest)
