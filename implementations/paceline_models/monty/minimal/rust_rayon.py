"""Queries shared among a pool of threads in Rust: float32, sixteen lanes, bits of ``rust_soa``."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_rayon as _mean
from paceline_models.monty.minimal._episode import run_with

run = run_with(_mean, _nearest)
