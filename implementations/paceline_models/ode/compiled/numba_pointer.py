"""SciPy's algorithms in Numba, one solver for all problems, which it calls by their address; IEEE rules."""

from __future__ import annotations

from typing import Any

from paceline_models.ode import _checks
from paceline_models.ode._numba.entries import pointer_solver, solution
from paceline_models.ode._right_hand_sides import cfunc_of
from paceline_models.ode._solution import Solution


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    t0, t1, start, relative, absolute = given
    address = cfunc_of(problem, start.size).address
    jacobian = cfunc_of(problem, start.size, jac=True).address if jac else 0
    solver = pointer_solver(method)
    return solution(solver(address, jacobian, bool(jac), t0, t1, start, p, relative, absolute))
