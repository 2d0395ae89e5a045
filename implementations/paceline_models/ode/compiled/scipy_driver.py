"""SciPy's ``solve_ivp`` around the compiled right-hand side: an interpreted driver, and the reference."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.ode import _checks, _scipy
from paceline_models.ode._right_hand_sides import JACOBIANS, RIGHT_HAND_SIDES
from paceline_models.ode._solution import Array, Solution


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    right_hand_side, n = RIGHT_HAND_SIDES[problem], given.y0.size

    def fun(t: float, y: Array) -> Array:
        dy = np.empty(n)
        right_hand_side(t, y, dy, p)
        return dy

    def jacobian(t: float, y: Array) -> Array:
        J = np.empty((n, n))
        JACOBIANS[problem](t, y, J, p)
        return J

    return _scipy.solve(fun, method, given, jacobian if jac else None)
