"""One attempted step of RK45 and its error; Dormand and Prince (1980), J. Comput. Appl. Math. 6, 19-26."""

from __future__ import annotations

import math

from scipy.integrate import RK45

from paceline_models.ode._numba.calls import call, compiled, inner
from paceline_models.ode._solution import Array

STAGES = 6
ORDER = 4  # of the error estimate

_, A2, A3, A4, A5, A6 = (tuple(row.tolist()) for row in RK45.A)
B, C, E = tuple(RK45.B.tolist()), tuple(RK45.C.tolist()), tuple(RK45.E.tolist())


@inner
def attempt(f: int, t: float, y: Array, h: float, p: Array, K: Array, w: Array) -> None:
    """Fill the stages K (7, n) from K[0] on, and w (n,) with the new state."""
    n = y.size
    for i in range(n):
        w[i] = y[i] + A2[0] * K[0, i] * h
    call(f, t + C[1] * h, w, K[1], p)
    for i in range(n):
        w[i] = y[i] + (A3[0] * K[0, i] + A3[1] * K[1, i]) * h
    call(f, t + C[2] * h, w, K[2], p)
    for i in range(n):
        w[i] = y[i] + (A4[0] * K[0, i] + A4[1] * K[1, i] + A4[2] * K[2, i]) * h
    call(f, t + C[3] * h, w, K[3], p)
    for i in range(n):
        w[i] = y[i] + (A5[0] * K[0, i] + A5[1] * K[1, i] + A5[2] * K[2, i] + A5[3] * K[3, i]) * h
    call(f, t + C[4] * h, w, K[4], p)
    for i in range(n):
        slope = A6[0] * K[0, i] + A6[1] * K[1, i] + A6[2] * K[2, i] + A6[3] * K[3, i] + A6[4] * K[4, i]
        w[i] = y[i] + slope * h
    call(f, t + C[5] * h, w, K[5], p)
    for i in range(n):
        slope = B[0] * K[0, i] + B[2] * K[2, i] + B[3] * K[3, i] + B[4] * K[4, i] + B[5] * K[5, i]
        w[i] = y[i] + h * slope
    call(f, t + h, w, K[6], p)


@compiled
def error_norm(K: Array, h: float, scale: Array) -> float:
    """Return the root mean square of the error over ``scale``."""
    n = scale.size
    total = 0.0
    for i in range(n):
        slope = (
            E[0] * K[0, i]
            + E[2] * K[2, i]
            + E[3] * K[3, i]
            + E[4] * K[4, i]
            + E[5] * K[5, i]
            + E[6] * K[6, i]
        )
        part = slope * h / scale[i]
        total += part * part
    return math.sqrt(total) / math.sqrt(float(n))
