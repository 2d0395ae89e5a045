"""The seed's loop in Rust: the same text as ``numba_jit``, float32, one sequential sum (knn: float64)."""

from __future__ import annotations

from paceline_models._rust import MontySteps
from paceline_models._rust import monty_minimal as _mean
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models.monty.minimal import Minimal
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._steps import episode

SUMS = "sequential"

run = run_with(_mean, _nearest)


def run_steps(observations: Points, epochs: int) -> Minimal:
    """Mode ``seed`` with one call for every observation."""
    return episode(MontySteps, observations, epochs)
