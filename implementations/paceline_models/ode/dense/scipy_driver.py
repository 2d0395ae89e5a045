"""SciPy's ``solve_ivp`` with ``dense_output`` around the compiled right-hand side: the reference."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from paceline_models.ode._right_hand_sides import RIGHT_HAND_SIDES
from paceline_models.ode._solution import Array
from paceline_models.ode.dense._sampled import Sampled, checked


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, times: Any
) -> Sampled:
    """Return the states at the times."""
    given, p, at = checked(problem, method, t_span, y0, params, rtol, atol, times)
    right_hand_side, n = RIGHT_HAND_SIDES[problem], given.y0.size

    def fun(t: float, y: Array) -> Array:
        dy = np.empty(n)
        right_hand_side(t, y, dy, p)
        return dy

    span, tolerances = (given.t0, given.t1), {"rtol": given.rtol, "atol": given.atol}
    got = solve_ivp(fun, span, given.y0, method=method, dense_output=True, **tolerances)
    return Sampled(got.sol(at), got.nfev, got.t.size - 1, got.status)
