"""RK45 and DOP853, the explicit Runge-Kutta pairs of Dormand and Prince, step by step as SciPy takes them.

Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, sections II.4, II.5 and II.10. The
tableaux are SciPy's own. Stages are rows of K; the last is the derivative at the new point, and the first of
the next step.
"""

from __future__ import annotations

import numpy as np

from paceline_models.ode._numba import dop853 as _dop853
from paceline_models.ode._numba.calls import call, inner
from paceline_models.ode._numba.common import (
    MAX_FACTOR,
    MIN_FACTOR,
    SAFETY,
    Kept,
    first_step,
    more_room,
    room,
    smallest_step,
)
from paceline_models.ode._numba.rk45 import ORDER, STAGES, attempt, error_norm
from paceline_models.ode._right_hand_sides import named_copy
from paceline_models.ode._solution import Array


def _explicit(
    f: int, jac: int, analytic: bool, t0: float, t1: float, y0: Array, p: Array, rtol: float, atol: Array
) -> Kept:
    """Solve by the pair whose names stand above; it needs no Jacobian."""
    n = y0.size
    exponent = -1.0 / (ORDER + 1.0)
    direction = 1.0 if t1 >= t0 else -1.0
    K = np.empty((STAGES + 1, n))
    work = np.empty((4, n))
    y, y_new, scale = y0.copy(), np.empty(n), np.empty(n)
    ts, ys = room(n)
    ts[0] = t0
    ys[0] = y0

    t = t0
    call(f, t, y, K[0], p)
    h_abs = first_step(f, t0, t1, y, K[0], p, ORDER, rtol, atol, work)
    nfev = 1 if t1 == t0 else 2
    m, rejections, status = 1, 0, 0

    while status == 0 and (m == 1 or direction * (t - t1) < 0.0):
        if t == t1:  # nothing to do: SciPy stores the end all the same
            ts[1], ys[1], m = t1, y0, 2
            break
        min_step = smallest_step(t, direction)
        h_abs = min_step if h_abs < min_step else h_abs
        rejected = False
        while True:
            if not h_abs >= min_step:  # NaN, too
                status = -1
                break
            t_new = t + h_abs * direction
            if direction * (t_new - t1) > 0.0:
                t_new = t1
            h = t_new - t
            h_abs = abs(h)
            attempt(f, t, y, h, p, K, y_new)
            nfev += STAGES
            for i in range(n):
                scale[i] = atol[i] + max(abs(y[i]), abs(y_new[i])) * rtol
            error = error_norm(K, h, scale)
            if error < 1.0:
                factor = MAX_FACTOR
                if error > 0.0:
                    factor = min(MAX_FACTOR, SAFETY * error**exponent)
                if rejected:
                    factor = min(1.0, factor)
                h_abs *= factor
                break
            rejections += 1
            rejected = True
            shorter = SAFETY * error**exponent
            h_abs *= shorter if shorter > MIN_FACTOR else MIN_FACTOR
        if status == 0:
            t = t_new
            y, y_new = y_new, y
            K[0] = K[STAGES]
            if m == ts.size:
                ts, ys = more_room(ts, ys)
            ts[m] = t
            ys[m] = y
            m += 1
    return ts[:m], ys[:m], nfev, 0, 0, rejections, nfev, status


rk45 = inner(named_copy(_explicit, "rk45"))
dop853 = inner(
    named_copy(
        _explicit,
        "dop853",
        attempt=_dop853.attempt,
        error_norm=_dop853.error_norm,
        STAGES=_dop853.STAGES,
        ORDER=_dop853.ORDER,
    )
)
