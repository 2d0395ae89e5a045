"""Radau IIA of order 5, step by step as SciPy takes it.

Hairer and Wanner, Solving Ordinary Differential Equations II, section IV.8. Newton's iterations are in
W = T^-1 Z, with one real and one complex system. The constants are SciPy's own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.integrate._ivp import radau as scipys

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

NEWTON_MAXITER = 6
C, E = tuple(scipys.C.tolist()), tuple(scipys.E.tolist())
T, TI, P = (tuple(map(tuple, x.tolist())) for x in (scipys.T, scipys.TI, scipys.P))
MU_REAL, MU_COMPLEX = float(scipys.MU_REAL), complex(scipys.MU_COMPLEX)


@compiled
def decompose(J: Array, h: float, real: Array, real_pivots: Any, complexes: Any, complex_pivots: Any) -> None:
    """Decompose mu/h I - J for the real and the complex mu."""
    for i in range(J.shape[0]):
        for j in range(J.shape[1]):
            real[i, j] = -J[i, j]
            complexes[i, j] = -J[i, j]
        real[i, i] += MU_REAL / h
        complexes[i, i] += MU_COMPLEX / h
    lu_factor(real, real_pivots)
    lu_factor(complexes, complex_pivots)


@compiled
def start(
    first: bool, t: float, t_old: float, t_new: float, y: Array, y_old: Array, Q: Array, Z: Array
) -> None:
    """Fill Z (3, n): zeros at the first step, then the last step's interpolant, extrapolated."""
    if first:
        Z[:] = 0.0
        return
    for k in range(3):
        x = (t + (t_new - t) * C[k] - t_old) / (t - t_old)
        for i in range(y.size):
            Z[k, i] = Q[0, i] * x + Q[1, i] * (x * x) + Q[2, i] * (x * x * x) + y_old[i] - y[i]


@compiled
def three_norm(dW: Array, scale: Array) -> float:
    """Return the root mean square of dW (3, n) over ``scale`` (n,)."""
    total = 0.0
    for k in range(3):
        for i in range(scale.size):
            part = dW[k, i] / scale[i]
            total += part * part
    return math.sqrt(total) / math.sqrt(3.0 * scale.size)


@compiled
def mix(M: Any, W: Array, Z: Array) -> None:
    """Fill Z (3, n) with M W, for one of the transformations T and its inverse."""
    for i in range(W.shape[1]):
        for k in range(3):
            Z[k, i] = M[k][0] * W[0, i] + M[k][1] * W[1, i] + M[k][2] * W[2, i]


@inner
def newton(
    f: int, t: float, y: Array, h: float, Z: Array, scale: Array, tol: float, p: Array,
    real: Array, real_pivots: Any, complexes: Any, complex_pivots: Any,
    W: Array, F: Array, dW: Array, b: Any, work: Array,
) -> tuple[bool, int, float]:  # fmt: skip
    """Solve the collocation system for Z (3, n), which is a guess at first: converged, iterations, rate."""
    n = y.size
    m_real, m_complex = MU_REAL / h, MU_COMPLEX / h
    mix(TI, Z, W)
    old_norm, rate = -1.0, math.nan
    for k in range(NEWTON_MAXITER):
        for s in range(3):
            for i in range(n):
                work[i] = y[i] + Z[s, i]
            call(f, t + h * C[s], work, F[s], p)
        for s in range(3):
            for i in range(n):
                if not math.isfinite(F[s, i]):
                    return False, k + 1, rate
        for i in range(n):
            dW[0, i] = F[0, i] * TI[0][0] + F[1, i] * TI[0][1] + F[2, i] * TI[0][2] - m_real * W[0, i]
            re = F[0, i] * TI[1][0] + F[1, i] * TI[1][1] + F[2, i] * TI[1][2]
            im = F[0, i] * TI[2][0] + F[1, i] * TI[2][1] + F[2, i] * TI[2][2]
            b[i] = complex(re, im) - m_complex * complex(W[1, i], W[2, i])
        lu_solve(real, real_pivots, dW[0])
        lu_solve(complexes, complex_pivots, b)
        for i in range(n):
            dW[1, i] = b[i].real
            dW[2, i] = b[i].imag
        norm = three_norm(dW, scale)
        if old_norm >= 0.0:
            rate = norm / old_norm
            if rate >= 1.0 or rate ** (NEWTON_MAXITER - k) / (1.0 - rate) * norm > tol:
                return False, k + 1, rate
        for s in range(3):
            for i in range(n):
                W[s, i] += dW[s, i]
        mix(T, W, Z)
        if norm == 0.0 or (old_norm >= 0.0 and rate / (1.0 - rate) * norm < tol):
            return True, k + 1, rate
        old_norm = norm
    return False, NEWTON_MAXITER, rate


@compiled
def predicted_factor(h_abs: float, old_h_abs: float, error: float, old_error: float) -> float:
    """Return the factor of the next step from this step's error and the last's; NaN where there is none."""
    if math.isnan(old_error) or math.isnan(old_h_abs) or error == 0.0:
        multiplier = 1.0
    else:
        multiplier = h_abs / old_h_abs * (old_error / error) ** 0.25
    factor: float = error**-0.25
    return min(1.0, multiplier) * factor


@inner
def radau(
    f: int, jac: int, analytic: bool, t0: float, t1: float, y0: Array, p: Array, rtol: float, atol: Array
) -> Kept:
    """Return times, states (m, n), steps, calls, Jacobians, LUs, rejections, status as one tuple."""
    n = y0.size
    direction = 1.0 if t1 >= t0 else -1.0
    newton_tol = max(10.0 * EPS / rtol, min(0.03, rtol**0.5))
    work, rows, Q = np.empty((4, n)), np.empty((4, n)), np.empty((3, n))
    Z, W, F, dW = np.empty((3, n)), np.empty((3, n)), np.empty((3, n)), np.empty((3, n))
    J, real, complexes = np.empty((n, n)), np.empty((n, n)), np.empty((n, n), np.complex128)
    real_pivots, complex_pivots, b = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.complex128)
    factors, scale, value, error_of = np.full(n, FIRST_FACTOR), rows[0], rows[1], rows[2]
    y, y_new, y_old = y0.copy(), np.empty(n), y0.copy()
    ts, ys = room(n)
    ts[0] = t0
    ys[0] = y0

    t, t_old = t0, t0
    call(f, t, y, value, p)
    h_abs = first_step(f, t0, t1, y, value, p, 3, rtol, atol, work)
    nfev = 1 if t1 == t0 else 2
    others = jacobian(f, jac, analytic, t, y, value, p, atol, factors, J, work)
    njev, nlu, rejections, status = 1, 0, 0, 0
    current, decomposed = True, False
    last_h_abs, last_error = math.nan, math.nan
    m = 1

    while status == 0 and (m == 1 or direction * (t - t1) < 0.0):
        if t == t1:
            ts[1], ys[1], m = t1, y0, 2
            break
        min_step = smallest_step(t, direction)
        start_h_abs = h_abs
        old_h_abs, old_error = last_h_abs, last_error
        if h_abs < min_step:
            h_abs, old_h_abs, old_error = min_step, math.nan, math.nan
        rejected = False
        t_new, error, safety, iterations, rate = t, 0.0, 1.0, 0, math.nan
        while True:
            if not h_abs >= min_step:  # NaN, too
                status = -1
                break
            t_new = t + h_abs * direction
            if direction * (t_new - t1) > 0.0:
                t_new = t1
            h = t_new - t
            h_abs = abs(h)
            for i in range(n):
                scale[i] = atol[i] + abs(y[i]) * rtol
            converged = False
            while not converged:
                if not decomposed:
                    decompose(J, h, real, real_pivots, complexes, complex_pivots)
                    nlu += 2
                    decomposed = True
                start(m == 1, t, t_old, t_new, y, y_old, Q, Z)
                converged, iterations, rate = newton(
                    f, t, y, h, Z, scale, newton_tol, p,
                    real, real_pivots, complexes, complex_pivots, W, F, dW, b, work[0],
                )  # fmt: skip
                nfev += 3 * iterations
                if not converged:
                    if current:
                        break
                    others += jacobian(f, jac, analytic, t, y, value, p, atol, factors, J, work)
                    njev += 1
                    current = True
                    decomposed = False
            if not converged:
                rejections += 1
                h_abs *= 0.5
                decomposed = False
                continue
            for i in range(n):
                y_new[i] = y[i] + Z[2, i]
                work[1, i] = (Z[0, i] * E[0] + Z[1, i] * E[1] + Z[2, i] * E[2]) / h
                error_of[i] = value[i] + work[1, i]
                scale[i] = atol[i] + max(abs(y[i]), abs(y_new[i])) * rtol
            lu_solve(real, real_pivots, error_of)
            error = scaled_norm(error_of, scale)
            safety = 0.9 * (2 * NEWTON_MAXITER + 1) / (2 * NEWTON_MAXITER + iterations)
            if rejected and error > 1.0:
                for i in range(n):
                    work[2, i] = y[i] + error_of[i]
                call(f, t, work[2], error_of, p)
                nfev += 1
                for i in range(n):
                    error_of[i] += work[1, i]
                lu_solve(real, real_pivots, error_of)
                error = scaled_norm(error_of, scale)
            if not error > 1.0:
                break
            rejections += 1
            shorter = safety * predicted_factor(h_abs, old_h_abs, error, old_error)
            h_abs *= shorter if shorter > MIN_FACTOR else MIN_FACTOR
            decomposed = False
            rejected = True
        if status != 0:
            break
        refresh = iterations > 2 and rate > 1e-3
        factor = min(MAX_FACTOR, safety * predicted_factor(h_abs, old_h_abs, error, old_error))
        if not refresh and factor < 1.2:
            factor = 1.0
        else:
            decomposed = False
        call(f, t_new, y_new, value, p)
        nfev += 1
        current = refresh
        if refresh:
            others += jacobian(f, jac, analytic, t_new, y_new, value, p, atol, factors, J, work)
            njev += 1
        last_h_abs, last_error = start_h_abs, error  # SciPy keeps the step from before rejections
        h_abs *= factor
        for i in range(n):
            for k in range(3):
                Q[k, i] = Z[0, i] * P[0][k] + Z[1, i] * P[1][k] + Z[2, i] * P[2][k]
        t_old, t = t, t_new
        y_old, y, y_new = y, y_new, y_old
        if m == ts.size:
            ts, ys = more_room(ts, ys)
        ts[m] = t
        ys[m] = y
        m += 1
    return ts[:m], ys[:m], nfev, njev, nlu, rejections, nfev + others, status
