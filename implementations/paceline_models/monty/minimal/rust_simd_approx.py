"""Explicit AVX-512 or AVX2 in Rust: float32, approximate root and reciprocal, one Newton step, FMA."""

from __future__ import annotations

from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_simd_approx as _mean
from paceline_models.monty.minimal._episode import run_with

run = run_with(_mean, _nearest)
