"""The solvers as implementations have them: for one problem that is inlined, or for any by its address.

All have the arguments (f, jac, analytic, t0, t1, y0, p, rtol, atol).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from paceline_models.ode._numba.bdf import bdf
from paceline_models.ode._numba.calls import compiled, specialised
from paceline_models.ode._numba.explicit import dop853, rk45
from paceline_models.ode._numba.radau import radau
from paceline_models.ode._solution import Solution

SOLVERS: dict[str, Any] = {"RK45": rk45, "DOP853": dop853, "BDF": bdf, "Radau": radau}


@cache
def inlined_solver(problem: str, method: str) -> Any:
    """Return the solver of one problem, compiled at its first call; ``f`` and ``jac`` mean nothing to it."""
    return compiled(specialised(SOLVERS[method], problem).py_func)


@cache
def pointer_solver(method: str) -> Any:
    """Return the solver of any problem, compiled at its first call."""
    return compiled(SOLVERS[method].py_func)


def solution(got: Any) -> Solution:
    """Return what a solver returns as a solution."""
    ts, ys, nfev, njev, nlu, rejected, total, status = got
    return Solution(ts, ys.T, nfev, njev, nlu, ts.size - 1, rejected, total, status)
