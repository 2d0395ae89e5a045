"""The package ivp-rs: solve_ivp in Rust after Hairer's Fortran codes, with other steps than SciPy's.

A peer, of somebody else: https://pypi.org/project/ivp-rs. Its step control is Hairer's, with a PI controller
and a test for stiffness; it does not tell its rejected steps.
"""

from __future__ import annotations

from typing import Any

import ivp
import numpy as np

from paceline_models.ode import _checks
from paceline_models.ode._scipy import UNTOLD
from paceline_models.ode._solution import Solution

TOLERANCE = (2e-2, 1e-4, "It takes steps of its own: only the end point is compared.")


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, jac)
    options = {} if jac is None else {"jac": jac}
    got = ivp.solve_ivp(
        fun, (given.t0, given.t1), given.y0, method=method, rtol=given.rtol, atol=given.atol, **options
    )
    t, y = np.asarray(got.t), np.asarray(got.y)
    return Solution(t, y, got.nfev, got.njev, got.nlu, t.size - 1, UNTOLD, UNTOLD, got.status)
