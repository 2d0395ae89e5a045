"""SciPy's ``solve_ivp`` itself: the reference."""

from __future__ import annotations

from typing import Any

from paceline_models.ode import _checks, _scipy
from paceline_models.ode._solution import Solution


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, jac)
    return _scipy.solve(fun, method, given, jac)
