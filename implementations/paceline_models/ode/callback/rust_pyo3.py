"""SciPy's steps in Rust: one vectorcall a right-hand side, its state in an array that is used again."""

from __future__ import annotations

from typing import Any

from paceline_models.ode._drop_in.steps import all_steps
from paceline_models.ode._solution import Solution


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    return all_steps(fun, method, t_span, y0, rtol, atol, jac)
