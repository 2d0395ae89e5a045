"""The package CyRK: its C++ solvers around the same equations, which it calls by their address.

A peer, of somebody else: https://pypi.org/project/CyRK. Its C interface is called directly; it tells no
counts but steps, and has no analytic Jacobian.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from CyRK.cy.common import MAX_SIZE
from CyRK.cy.pyhelpers import find_ode_method_int
from CyRK.nb import numba_solver as solver
from numba import carray, types  # type: ignore[attr-defined]

from paceline_models._numba import cfunc
from paceline_models.ode import _checks
from paceline_models.ode._catalogue import SIZES
from paceline_models.ode._right_hand_sides import DOUBLES, RIGHT_HAND_SIDES, named_copy
from paceline_models.ode._scipy import UNTOLD
from paceline_models.ode._solution import Solution

TOLERANCE = (2e-2, 1e-4, "It tells no calls: only the end point is compared.")
SIGNATURE = types.void(DOUBLES, types.float64, DOUBLES, DOUBLES)
MEGABYTES = 2_000


def run(
    problem: str, method: str, t_span: Any, y0: Any, params: Any, rtol: float, atol: Any, jac: bool = False
) -> Solution:
    """Return all accepted steps."""
    given, p = _checks.compiled(problem, method, t_span, y0, params, rtol, atol, jac)
    if jac:
        raise NotImplementedError("CyRK takes no analytic Jacobian")
    n = given.y0.size
    relative, equations = np.array([given.rtol]), _equations(problem, n)
    got = solver.c_numba_cysolve_ivp(
        equations.address, given.t0, given.t1, given.y0.ctypes.data, n, find_ode_method_int(method),
        0, 0, p.ctypes.data, p.nbytes, 0, MEGABYTES, False, None, 0, None, None, 0,
        relative.ctypes.data, 1, given.atol.ctypes.data, n, MAX_SIZE, 0.0, False,
    )  # fmt: skip
    try:
        m = solver.c_get_size(got)
        t = np.ctypeslib.as_array(solver.c_get_t_ptr(got), (m,)).copy()
        y = np.ctypeslib.as_array(solver.c_get_y_ptr(got), (m, n)).copy().T
        status = 0 if solver.c_get_success(got) else -1
    finally:
        solver.c_free(got)
    return Solution(t, y, UNTOLD, UNTOLD, UNTOLD, m - 1, UNTOLD, UNTOLD, status)


def _order_of_cyrk(dy: Any, t: float, y: Any, p: Any) -> None:
    call(t, carray(y, (N,)), carray(dy, (N,)), carray(p, (P,)))  # type: ignore[name-defined]  # noqa: F821


@cache
def _equations(problem: str, n: int) -> Any:
    """Return the equations with CyRK's order of arguments."""
    told = {"call": RIGHT_HAND_SIDES[problem], "N": n, "P": SIZES[problem][1]}
    return cfunc(SIGNATURE, cache=True)(named_copy(_order_of_cyrk, f"{problem}_{n}", **told))
