"""An ablation: as ``rust_pointer``, but the sums over stages are functions that are called, not inlined."""

from __future__ import annotations

from typing import Any

from paceline_models.ode._by_pointer import all_steps
from paceline_models.ode._solution import Solution


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    return all_steps(problem, method, t_span, y0, params, rtol, atol, jac, ablation="outlined")
