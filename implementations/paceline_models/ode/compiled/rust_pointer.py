"""SciPy's steps in Rust, the right-hand side a C function that Numba has compiled, called by its address."""

from __future__ import annotations

from typing import Any

from paceline_models._rust import ode_pointer
from paceline_models.ode import _checks
from paceline_models.ode._drop_in.steps import nothing_to_do, solution
from paceline_models.ode._right_hand_sides import cfunc_of
from paceline_models.ode._solution import Solution


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    t0, t1, start, relative, absolute = given
    if t0 == t1:
        return nothing_to_do(given)
    address = cfunc_of(problem, start.size).address
    jacobian = cfunc_of(problem, start.size, jac=True).address if jac else 0
    return solution(*ode_pointer(address, method, (t0, t1), start, p, relative, absolute, jacobian))
