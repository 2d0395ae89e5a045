"""SciPy's steps and interpolants in Rust: those of all steps are kept, each moved to where it stays."""

from __future__ import annotations

from typing import Any

from paceline_models.ode.dense._by_pointer import sampled
from paceline_models.ode.dense._sampled import Sampled


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, times: Any
) -> Sampled:
    """Return the states at the times."""
    return sampled(problem, method, t_span, y0, params, rtol, atol, times)
