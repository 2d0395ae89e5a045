"""The package CyRK: solvers in C++ and Cython that follow SciPy's.

A peer, of somebody else: https://pypi.org/project/CyRK. It asks for an array where SciPy takes any sequence,
so that the right-hand side is wrapped; it tells no counts but steps, and has no analytic Jacobian.
"""

from __future__ import annotations

from typing import Any

import CyRK
import numpy as np

from paceline_models.ode import _checks
from paceline_models.ode._scipy import UNTOLD
from paceline_models.ode._solution import Array, Solution

TOLERANCE = (2e-2, 1e-4, "It tells no calls: only the end point is compared.")


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, jac)
    if jac is not None:
        raise NotImplementedError("CyRK takes no analytic Jacobian")

    def as_array(t: float, y: Array) -> Array:
        return np.asarray(fun(t, y), dtype=np.float64)

    span = (given.t0, given.t1)
    got = CyRK.pysolve_ivp(as_array, span, given.y0, method=method, rtol=given.rtol, atol=given.atol)
    t, y = np.array(got.t), np.array(got.y)
    steps, status = t.size - 1, 0 if got.success else -1
    return Solution(t, y, UNTOLD, UNTOLD, UNTOLD, steps, UNTOLD, UNTOLD, status)
