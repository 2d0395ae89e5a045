"""One attempted step of DOP853 and its error: Hairer, Norsett and Wanner, I, section II.10."""

from __future__ import annotations

import math

from scipy.integrate import DOP853

from paceline_models.ode._numba.calls import call, compiled, inner
from paceline_models.ode._solution import Array

STAGES = 12
ORDER = 7  # of the error estimate

_, A2, A3, A4, A5, A6, A7, A8, A9, A10, A11, A12 = (tuple(row.tolist()) for row in DOP853.A)
B, C = tuple(DOP853.B.tolist()), tuple(DOP853.C.tolist())
E3, E5 = tuple(DOP853.E3.tolist()), tuple(DOP853.E5.tolist())


@inner
def attempt(f: int, t: float, y: Array, h: float, p: Array, K: Array, w: Array) -> None:
    """Fill the stages K (13, n) from K[0] on, and w (n,) with the new state."""
    n = y.size
    for i in range(n):
        w[i] = y[i] + A2[0] * K[0, i] * h
    call(f, t + C[1] * h, w, K[1], p)
    for i in range(n):
        w[i] = y[i] + (A3[0] * K[0, i] + A3[1] * K[1, i]) * h
    call(f, t + C[2] * h, w, K[2], p)
    for i in range(n):
        w[i] = y[i] + (A4[0] * K[0, i] + A4[2] * K[2, i]) * h
    call(f, t + C[3] * h, w, K[3], p)
    for i in range(n):
        w[i] = y[i] + (A5[0] * K[0, i] + A5[2] * K[2, i] + A5[3] * K[3, i]) * h
    call(f, t + C[4] * h, w, K[4], p)
    for i in range(n):
        w[i] = y[i] + (A6[0] * K[0, i] + A6[3] * K[3, i] + A6[4] * K[4, i]) * h
    call(f, t + C[5] * h, w, K[5], p)
    for i in range(n):
        w[i] = y[i] + (A7[0] * K[0, i] + A7[3] * K[3, i] + A7[4] * K[4, i] + A7[5] * K[5, i]) * h
    call(f, t + C[6] * h, w, K[6], p)
    for i in range(n):
        slope = A8[0] * K[0, i] + A8[3] * K[3, i] + A8[4] * K[4, i] + A8[5] * K[5, i] + A8[6] * K[6, i]
        w[i] = y[i] + slope * h
    call(f, t + C[7] * h, w, K[7], p)
    for i in range(n):
        slope = (
            A9[0] * K[0, i]
            + A9[3] * K[3, i]
            + A9[4] * K[4, i]
            + A9[5] * K[5, i]
            + A9[6] * K[6, i]
            + A9[7] * K[7, i]
        )
        w[i] = y[i] + slope * h
    call(f, t + C[8] * h, w, K[8], p)
    for i in range(n):
        slope = (
            A10[0] * K[0, i]
            + A10[3] * K[3, i]
            + A10[4] * K[4, i]
            + A10[5] * K[5, i]
            + A10[6] * K[6, i]
            + A10[7] * K[7, i]
            + A10[8] * K[8, i]
        )
        w[i] = y[i] + slope * h
    call(f, t + C[9] * h, w, K[9], p)
    for i in range(n):
        slope = (
            A11[0] * K[0, i]
            + A11[3] * K[3, i]
            + A11[4] * K[4, i]
            + A11[5] * K[5, i]
            + A11[6] * K[6, i]
            + A11[7] * K[7, i]
            + A11[8] * K[8, i]
            + A11[9] * K[9, i]
        )
        w[i] = y[i] + slope * h
    call(f, t + C[10] * h, w, K[10], p)
    for i in range(n):
        slope = (
            A12[0] * K[0, i]
            + A12[3] * K[3, i]
            + A12[4] * K[4, i]
            + A12[5] * K[5, i]
            + A12[6] * K[6, i]
            + A12[7] * K[7, i]
            + A12[8] * K[8, i]
            + A12[9] * K[9, i]
            + A12[10] * K[10, i]
        )
        w[i] = y[i] + slope * h
    call(f, t + C[11] * h, w, K[11], p)
    for i in range(n):
        slope = (
            B[0] * K[0, i]
            + B[5] * K[5, i]
            + B[6] * K[6, i]
            + B[7] * K[7, i]
            + B[8] * K[8, i]
            + B[9] * K[9, i]
            + B[10] * K[10, i]
            + B[11] * K[11, i]
        )
        w[i] = y[i] + h * slope
    call(f, t + h, w, K[12], p)


@compiled
def error_norm(K: Array, h: float, scale: Array) -> float:
    """Return the norm of the error of order 5, weighed by that of order 3."""
    n = scale.size
    n5, n3 = 0.0, 0.0
    for i in range(n):
        e5 = (
            E5[0] * K[0, i]
            + E5[5] * K[5, i]
            + E5[6] * K[6, i]
            + E5[7] * K[7, i]
            + E5[8] * K[8, i]
            + E5[9] * K[9, i]
            + E5[10] * K[10, i]
            + E5[11] * K[11, i]
        )
        e3 = (
            E3[0] * K[0, i]
            + E3[5] * K[5, i]
            + E3[6] * K[6, i]
            + E3[7] * K[7, i]
            + E3[8] * K[8, i]
            + E3[9] * K[9, i]
            + E3[10] * K[10, i]
            + E3[11] * K[11, i]
        )
        e5 /= scale[i]
        e3 /= scale[i]
        n5 += e5 * e5
        n3 += e3 * e3
    if n5 == 0.0 and n3 == 0.0:
        return 0.0
    return abs(h) * n5 / math.sqrt((n5 + 0.01 * n3) * n)
