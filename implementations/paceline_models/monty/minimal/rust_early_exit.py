"""A scan in Rust that leaves a point once a coordinate is too far off (knn, float64); else ``rust_pyo3``.

The seed's early exit, an epoch that ends when the confidence is reached, is mode ``terminate``, and all
implementations have it.
"""

from __future__ import annotations

from paceline_models._rust import monty_minimal as _mean
from paceline_models._rust import monty_minimal_knn_early_exit as _nearest
from paceline_models.monty.minimal._episode import run_with

SUMS = "sequential"

run = run_with(_mean, _nearest)
