"""The callback models on the drop-in's request: all accepted steps, as a ``Solution``."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models._rust import ode_solve
from paceline_models.ode import _checks
from paceline_models.ode._drop_in.request import Request
from paceline_models.ode._solution import Solution

EPS = float(np.finfo(float).eps)


def all_steps(
    fun: Any,
    method: str,
    t_span: Any,
    y0: Any,
    rtol: float,
    atol: Any,
    jac: Any = None,
    *,
    ablation: str | None = None,
) -> Solution:
    """Return all accepted steps; ``ablation`` names a slowness to put back."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, jac)
    if given.t0 == given.t1:
        return nothing_to_do(given)
    t, rows, _, _, _, counts, status = ode_solve(request_of(fun, method, given, jac, ablation))
    return solution(t, rows, counts, status)


def request_of(
    fun: Any, method: str, given: _checks.Checked, jac: Any = None, ablation: str | None = None
) -> Request:
    """Return the request for a problem whose arguments have been checked."""
    return Request(
        fun=fun,
        args=(),
        method=method,
        t0=given.t0,
        t_bound=given.t1,
        y0=given.y0,
        y0_given=given.y0,
        rtol=np.full(given.y0.size, given.rtol),
        atol=given.atol,
        max_step=np.inf,
        first_step=None,
        newton_tol=max(10 * EPS / given.rtol, min(0.03, given.rtol**0.5)),
        vectorized=False,
        jac=jac if method in ("BDF", "Radau") else None,
        ablation=ablation,
    )


def nothing_to_do(given: _checks.Checked) -> Solution:
    """Return the solution over an empty interval, as SciPy counts it: one step, one right-hand side."""
    t = np.array([given.t0, given.t1])
    return Solution(t, np.stack((given.y0, given.y0)).T, 1, 0, 0, 1, 0, 1, 0)


def solution(t: Any, rows: Any, counts: tuple[int, int, int, int, int, int], status: int) -> Solution:
    """Return what the extension returns as a solution."""
    nfev, njev, nlu, nsteps, nrejected, nrhs_total = counts
    return Solution(t, rows.T, nfev, njev, nlu, nsteps, nrejected, nrhs_total, status)
