"""Jacobians: analytic, or by forward differences with steps that adapt from one to the next.

The differences are those of SciPy's ``num_jac`` (``_ivp/common.py``), column by column.
"""

from __future__ import annotations

import math

from paceline_models.ode._numba.calls import call, call_jac, inner
from paceline_models.ode._numba.common import EPS
from paceline_models.ode._solution import Array

REJECT = EPS**0.875
SMALL = EPS**0.75
BIG = EPS**0.25
FIRST_FACTOR = EPS**0.5
MIN_FACTOR = 1e3 * EPS
ENLARGEMENTS = 400  # from the smallest to the largest double it is 2 * 308


@inner
def jacobian(
    f: int, jac: int, analytic: bool, t: float, y: Array, f0: Array, p: Array,
    threshold: Array, factors: Array, J: Array, work: Array,
) -> int:  # fmt: skip
    """Fill J (n, n) and return the calls of f; ``f0`` is f(t, y), ``work`` (4, n) is overwritten."""
    n = y.size
    if analytic:
        call_jac(jac, t, y, J, p)
        return 0
    moved, value, column = work[0], work[1], work[2]
    moved[:] = y
    calls = n
    for k in range(n):
        sign = 1.0 if f0[k] >= 0.0 else -1.0
        size = sign * max(threshold[k], abs(y[k]))
        h = (y[k] + factors[k] * size) - y[k]
        for _ in range(ENLARGEMENTS):
            if h != 0.0:
                break
            factors[k] *= 10.0
            h = (y[k] + factors[k] * size) - y[k]
        largest, scale = difference(f, t, y, k, h, p, f0, moved, value, column)
        if largest < REJECT * scale:
            larger_h = (y[k] + 10.0 * factors[k] * size) - y[k]
            calls += 1
            larger, larger_scale = difference(f, t, y, k, larger_h, p, f0, moved, value, work[3])
            if largest * larger_scale < larger * scale:
                factors[k] *= 10.0
                h, largest, scale = larger_h, larger, larger_scale
                column[:] = work[3]
        for i in range(n):
            J[i, k] = column[i] / h
        if largest < SMALL * scale:
            factors[k] *= 10.0
        if largest > BIG * scale:
            factors[k] *= 0.1
        factors[k] = max(factors[k], MIN_FACTOR)
    return calls


@inner
def difference(
    f: int,
    t: float,
    y: Array,
    k: int,
    h: float,
    p: Array,
    f0: Array,
    moved: Array,
    value: Array,
    column: Array,
) -> tuple[float, float]:
    """Fill ``column`` with f(t, y + h e_k) - f0; return its largest size, and the size of f there."""
    moved[k] = y[k] + h
    call(f, t, moved, value, p)
    moved[k] = y[k]
    largest, place = -math.inf, 0
    for i in range(y.size):
        column[i] = value[i] - f0[i]
        size = abs(column[i])
        if size > largest:
            largest, place = size, i
    return largest, max(abs(f0[place]), abs(value[place]))
