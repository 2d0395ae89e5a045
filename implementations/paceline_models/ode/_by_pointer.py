"""The compiled model on the extension's solver of C functions: all accepted steps, as a ``Solution``."""

from __future__ import annotations

from typing import Any

from paceline_models._rust import ode_pointer
from paceline_models.ode import _checks
from paceline_models.ode._drop_in.steps import nothing_to_do, solution
from paceline_models.ode._right_hand_sides import cfunc_of
from paceline_models.ode._solution import Solution


def all_steps(
    problem: str,
    method: str,
    t_span: Any,
    y0: Any,
    params: Any,
    rtol: float,
    atol: Any,
    jac: bool = False,
    *,
    ablation: str | None = None,
) -> Solution:
    """Return all accepted steps; ``ablation`` names a slowness of the explicit methods to put back."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    if ablation is not None and method in ("BDF", "Radau"):
        raise NotImplementedError(f"the explicit methods only are built with {ablation}")
    t0, t1, start, relative, absolute = given
    if t0 == t1:
        return nothing_to_do(given)
    address = cfunc_of(problem, start.size).address
    jacobian = cfunc_of(problem, start.size, jac=True).address if jac else 0
    return solution(*ode_pointer(address, method, (t0, t1), start, p, relative, absolute, jacobian, ablation))
