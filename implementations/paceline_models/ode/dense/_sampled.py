"""What every implementation of the dense model is asked and returns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from paceline_models.ode import _checks
from paceline_models.ode._solution import Array

METHODS = ("RK45", "DOP853", "BDF")


class Sampled(NamedTuple):
    """States between the steps, and what they cost."""

    y: Array
    """States (n, m) at the times that were asked for."""
    nfev: int
    """Calls of the right-hand side, those for interpolants included."""
    nsteps: int
    """Accepted steps."""
    status: int
    """0: the end was reached; -1: the step became too small."""


class Asked(NamedTuple):
    """The checked arguments."""

    given: _checks.Checked
    params: Array
    times: Array


def checked(
    problem: Any, method: Any, t_span: Any, y0: Any, params: Any, rtol: Any, atol: Any, times: Any
) -> Asked:
    """Return the checked arguments: a ``ValueError`` names what is wrong."""
    if method not in METHODS:
        raise ValueError(f"method is {method!r}, but must be one of {', '.join(METHODS)}")
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, False)
    if not given.t0 < given.t1:
        raise ValueError(f"t_span is {t_span!r}, but must ascend")
    at = np.ascontiguousarray(times, dtype=np.float64)
    within = at.ndim == 1 and at.size > 0 and given.t0 <= at[0] and at[-1] <= given.t1
    if not within or not (np.diff(at) > 0).all():
        raise ValueError("times must ascend within t_span")
    return Asked(given, p, at)
