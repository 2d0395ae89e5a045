"""A structure of arrays in Rust: the same text as ``numba_soa``, float32, sixteen lanes of sums."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_soa as _mean
from paceline_models.monty.minimal._episode import run_with

run = run_with(_mean, _nearest)
