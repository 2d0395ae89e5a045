"""BDF of variable order 1 to 5 in quasi-constant steps, step by step as SciPy takes them.

Shampine and Reichelt (1997), The MATLAB ODE suite, SIAM J. Sci. Comput. 18, 1-22. Rows of D are backward
differences of the solution. The constants are SciPy's own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.integrate import BDF

from paceline_models.ode._numba.calls import call, compiled, inner
from paceline_models.ode._numba.common import (
    EPS,
    MAX_FACTOR,
    MIN_FACTOR,
    Kept,
    first_step,
    more_room,
    room,
    scaled_norm,
    smallest_step,
)
from paceline_models.ode._numba.dense import lu_factor, lu_solve
from paceline_models.ode._numba.jacobian import FIRST_FACTOR, jacobian
from paceline_models.ode._solution import Array

MAX_ORDER = 5
NEWTON_MAXITER = 4

_scipy = BDF(lambda t, y: y, 0.0, [1.0], 1.0)
GAMMA, ALPHA, ERROR_CONST = (tuple(x.tolist()) for x in (_scipy.gamma, _scipy.alpha, _scipy.error_const))


@compiled
def fill_r(R: Array, order: int, factor: float) -> None:
    """Fill the leading (order + 1, order + 1) of R: interpolation at steps ``factor`` times as long."""
    for j in range(order + 1):
        R[0, j] = 1.0
        for i in range(1, order + 1):
            part = 0.0 if j == 0 else (i - 1.0 - factor * j) / i
            R[i, j] = R[i - 1, j] * part


@compiled
def change_step(D: Array, order: int, factor: float, small: Array) -> None:
    """Make the differences D those of steps ``factor`` times as long.

    ``small`` (4, 6, 6) is room, but for its second matrix: interpolation at steps of the same length, of
    which every order needs the leading part.
    """
    R, U, RU = small[0], small[1], small[2]
    fill_r(R, order, factor)
    size = order + 1
    for i in range(size):
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += R[i, k] * U[k, j]
            RU[i, j] = total
    old = small[3, 0]
    for column in range(D.shape[1]):
        for j in range(size):
            old[j] = D[j, column]
        for j in range(size):
            total = 0.0
            for k in range(size):
                total += RU[k, j] * old[k]
            D[j, column] = total


@inner
def newton(
    f: int, t: float, y: Array, d: Array, c: float, psi: Array, LU: Array, pivots: Any,
    scale: Array, tol: float, p: Array, value: Array, dy: Array,
) -> tuple[bool, int]:  # fmt: skip
    """Solve for y (n,), which is the prediction at first, and its change d (n,): converged, iterations."""
    n = y.size
    d[:] = 0.0
    old_norm = -1.0
    for k in range(NEWTON_MAXITER):
        call(f, t, y, value, p)
        for i in range(n):
            if not math.isfinite(value[i]):
                return False, k + 1
            dy[i] = c * value[i] - psi[i] - d[i]
        lu_solve(LU, pivots, dy)
        norm = scaled_norm(dy, scale)
        rate = norm / old_norm
        if old_norm >= 0.0 and (rate >= 1.0 or rate ** (NEWTON_MAXITER - k) / (1.0 - rate) * norm > tol):
            return False, k + 1
        for i in range(n):
            y[i] += dy[i]
            d[i] += dy[i]
        if norm == 0.0 or (old_norm >= 0.0 and rate / (1.0 - rate) * norm < tol):
            return True, k + 1
        old_norm = norm
    return False, NEWTON_MAXITER


@compiled
def iteration_matrix(J: Array, c: float, LU: Array, pivots: Any) -> None:
    """Decompose I - c J."""
    for i in range(J.shape[0]):
        for j in range(J.shape[1]):
            LU[i, j] = -c * J[i, j]
        LU[i, i] += 1.0
    lu_factor(LU, pivots)


@compiled
def order_and_factor(D: Array, order: int, error: float, scale: Array, work: Array) -> tuple[int, float]:
    """Return the order whose estimated error lets the step grow most, and by how much."""
    n = scale.size
    lower, higher = math.inf, math.inf
    if order > 1:
        for i in range(n):
            work[i] = ERROR_CONST[order - 1] * D[order, i]
        lower = scaled_norm(work, scale)
    if order < MAX_ORDER:
        for i in range(n):
            work[i] = ERROR_CONST[order + 1] * D[order + 2, i]
        higher = scaled_norm(work, scale)
    best, factor = order - 1, lower ** (-1.0 / order)
    for change, norm in ((1, error), (2, higher)):
        other = norm ** (-1.0 / (order + change))
        if other > factor:
            best, factor = order - 1 + change, other
    return best, factor


@inner
def bdf(
    f: int, jac: int, analytic: bool, t0: float, t1: float, y0: Array, p: Array, rtol: float, atol: Array
) -> Kept:
    """Return times, states (m, n), steps, calls, Jacobians, LUs, rejections, status as one tuple."""
    n = y0.size
    direction = 1.0 if t1 >= t0 else -1.0
    newton_tol = max(10.0 * EPS / rtol, min(0.03, rtol**0.5))
    D, work, small = np.zeros((MAX_ORDER + 3, n)), np.empty((4, n)), np.empty((4, 6, 6))
    J, LU, pivots, factors = (
        np.empty((n, n)),
        np.empty((n, n)),
        np.empty(n, np.int64),
        np.full(n, FIRST_FACTOR),
    )
    value, predicted, y, d, psi, scale, dy = (
        np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n), np.empty(n),
    )  # fmt: skip
    fill_r(small[1], MAX_ORDER, 1.0)
    ts, ys = room(n)
    ts[0] = t0
    ys[0] = y0

    t = t0
    call(f, t, y0, value, p)
    h_abs = first_step(f, t0, t1, y0, value, p, 1, rtol, atol, work)
    nfev = 1 if t1 == t0 else 2
    for i in range(n):
        D[0, i] = y0[i]
        D[1, i] = value[i] * h_abs * direction
    others = 0 if analytic else 1
    if not analytic:
        call(f, t, y0, value, p)
    others += jacobian(f, jac, analytic, t, y0, value, p, atol, factors, J, work)
    njev, nlu, rejections, status = 1, 0, 0, 0
    order, equal_steps, decomposed = 1, 0, False
    m = 1

    while status == 0 and (m == 1 or direction * (t - t1) < 0.0):
        if t == t1:
            ts[1], ys[1], m = t1, y0, 2
            break
        min_step = smallest_step(t, direction)
        if h_abs < min_step:
            change_step(D, order, min_step / h_abs, small)
            h_abs = min_step
            equal_steps = 0
        current = False
        error, safety, t_new = 0.0, 1.0, t
        while True:
            if not h_abs >= min_step:  # NaN, too
                status = -1
                break
            t_new = t + h_abs * direction
            if direction * (t_new - t1) > 0.0:
                t_new = t1
                change_step(D, order, abs(t_new - t) / h_abs, small)
                equal_steps = 0
                decomposed = False
            h = t_new - t
            h_abs = abs(h)
            for i in range(n):
                total = 0.0
                slope = 0.0
                for k in range(order + 1):
                    total += D[k, i]
                for k in range(1, order + 1):
                    slope += D[k, i] * GAMMA[k]
                predicted[i] = total
                scale[i] = atol[i] + rtol * abs(total)
                psi[i] = slope / ALPHA[order]
            c = h / ALPHA[order]
            converged, iterations = False, 0
            while not converged:
                if not decomposed:
                    iteration_matrix(J, c, LU, pivots)
                    nlu += 1
                    decomposed = True
                y[:] = predicted
                converged, iterations = newton(
                    f, t_new, y, d, c, psi, LU, pivots, scale, newton_tol, p, value, dy
                )
                nfev += iterations
                if not converged:
                    if current:
                        break
                    if not analytic:
                        call(f, t_new, predicted, value, p)
                        others += 1
                    others += jacobian(f, jac, analytic, t_new, predicted, value, p, atol, factors, J, work)
                    njev += 1
                    decomposed = False
                    current = True
            if not converged:
                rejections += 1
                h_abs *= 0.5
                change_step(D, order, 0.5, small)
                equal_steps = 0
                decomposed = False
                continue
            safety = 0.9 * (2 * NEWTON_MAXITER + 1) / (2 * NEWTON_MAXITER + iterations)
            for i in range(n):
                scale[i] = atol[i] + rtol * abs(y[i])
                work[0, i] = ERROR_CONST[order] * d[i]
            error = scaled_norm(work[0], scale)
            if not error > 1.0:
                break
            rejections += 1
            shorter = safety * error ** (-1.0 / (order + 1))
            factor = shorter if shorter > MIN_FACTOR else MIN_FACTOR
            h_abs *= factor
            change_step(D, order, factor, small)
            equal_steps = 0
        if status != 0:
            break
        equal_steps += 1
        t = t_new
        if m == ts.size:
            ts, ys = more_room(ts, ys)
        ts[m] = t
        ys[m] = y
        m += 1
        for i in range(n):
            D[order + 2, i] = d[i] - D[order + 1, i]
            D[order + 1, i] = d[i]
            for k in range(order, -1, -1):
                D[k, i] += D[k + 1, i]
        if equal_steps >= order + 1:
            order, factor = order_and_factor(D, order, error, scale, work[0])
            factor = min(MAX_FACTOR, safety * factor)
            h_abs *= factor
            change_step(D, order, factor, small)
            equal_steps = 0
            decomposed = False
    return ts[:m], ys[:m], nfev, njev, nlu, rejections, nfev + others, status
