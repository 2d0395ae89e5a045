"""Explicit AVX-512 or AVX2 in Rust: float32, exact root and division, bits of ``rust_soa``."""

from __future__ import annotations

from paceline_models._rust import MontyStepsSimd
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_simd as _mean
from paceline_models.monty.minimal import Minimal
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._steps import episode

run = run_with(_mean, _nearest)


def run_steps(observations: Points, epochs: int) -> Minimal:
    """Mode ``seed`` with one call for every observation."""
    return episode(MontyStepsSimd, observations, epochs)
