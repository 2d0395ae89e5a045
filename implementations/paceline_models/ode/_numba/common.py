"""What all methods have in common: the first step, the norm, and where accepted steps are kept.

Operations and limits are those of ``scipy.integrate`` 1.17.1 (``_ivp/common.py``), so that steps are equal.
The first step is Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, section II.4.
"""

from __future__ import annotations

import math

import numpy as np

from paceline_models.ode._numba.calls import call, compiled, inner
from paceline_models.ode._solution import Array

EPS = float(np.finfo(np.float64).eps)
MIN_FACTOR = 0.2
MAX_FACTOR = 10.0
SAFETY = 0.9
FIRST_CAPACITY = 64

Kept = tuple[Array, Array, int, int, int, int, int, int]
"""What a solver returns: times (m,), states (m, n), calls of the right-hand side as SciPy counts them,
Jacobians, LU decompositions, rejections, all calls, status."""


@compiled
def scaled_norm(x: Array, scale: Array) -> float:
    """Return the root mean square of x/scale."""
    total = 0.0
    for i in range(x.size):
        part = x[i] / scale[i]
        total += part * part
    return math.sqrt(total) / math.sqrt(float(x.size))


@compiled
def smallest_step(t: float, direction: float) -> float:
    """Return ten units in the last place of t."""
    following: float = np.nextafter(t, direction * np.inf)
    return 10.0 * abs(following - t)


@inner
def first_step(
    f: int, t0: float, t1: float, y0: Array, f0: Array, p: Array,
    order: int, rtol: float, atol: Array, work: Array,
) -> float:  # fmt: skip
    """Return the absolute first step; one call of f. ``work`` (4, n) is overwritten."""
    n = y0.size
    interval = abs(t1 - t0)
    if interval == 0.0:
        return 0.0
    direction = 1.0 if t1 > t0 else -1.0
    scale, y1, f1, change = work[0], work[1], work[2], work[3]
    for i in range(n):
        scale[i] = atol[i] + abs(y0[i]) * rtol
    d0 = scaled_norm(y0, scale)
    d1 = scaled_norm(f0, scale)
    h0 = 1e-6 if d0 < 1e-5 or d1 < 1e-5 else 0.01 * d0 / d1
    h0 = interval if interval < h0 else h0
    for i in range(n):
        y1[i] = y0[i] + h0 * direction * f0[i]
    call(f, t0 + h0 * direction, y1, f1, p)
    for i in range(n):
        change[i] = f1[i] - f0[i]
    d2 = scaled_norm(change, scale) / h0
    if d1 <= 1e-15 and d2 <= 1e-15:
        h1 = max(1e-6, h0 * 1e-3)
    else:
        h1 = (0.01 / max(d1, d2)) ** (1.0 / (order + 1.0))
    return min(100.0 * h0, h1, interval)


@compiled
def room(n: int) -> tuple[Array, Array]:
    """Return arrays for the times and states of the first accepted steps."""
    return np.empty(FIRST_CAPACITY), np.empty((FIRST_CAPACITY, n))


@compiled
def more_room(ts: Array, ys: Array) -> tuple[Array, Array]:
    """Return arrays of twice the size that begin with these."""
    m = ts.size
    more_ts = np.empty(2 * m)
    more_ys = np.empty((2 * m, ys.shape[1]))
    more_ts[:m] = ts
    more_ys[:m] = ys
    return more_ts, more_ys
