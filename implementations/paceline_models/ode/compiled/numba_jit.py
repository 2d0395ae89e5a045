"""SciPy's algorithms in Numba, each solver compiled with its problem inlined; IEEE rules."""

from __future__ import annotations

from typing import Any

from paceline_models.ode import _checks
from paceline_models.ode._numba.entries import inlined_solver, solution
from paceline_models.ode._solution import Solution


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    t0, t1, start, relative, absolute = given
    solver = inlined_solver(problem, method)
    return solution(solver(0, 0, bool(jac), t0, t1, start, p, relative, absolute))
