"""An ablation: as ``rust_pyo3``, but every right-hand side gets an array of its own."""

from __future__ import annotations

from typing import Any

from paceline_models.ode._drop_in.steps import all_steps
from paceline_models.ode._solution import Solution


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    return all_steps(fun, method, t_span, y0, rtol, atol, jac, ablation="fresh_arrays")
