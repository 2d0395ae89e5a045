"""A lean NumPy rewrite of the explicit methods, with SciPy's algorithms; no implicit ones. IEEE rules."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.integrate import DOP853, RK45

from paceline_models.ode import _checks
from paceline_models.ode._checks import Checked
from paceline_models.ode._solution import Array, Solution

PAIRS: dict[str, Any] = {"RK45": RK45, "DOP853": DOP853}
E5_E3 = np.stack((DOP853.E5, DOP853.E3))
SAFETY, MIN_FACTOR, MAX_FACTOR = 0.9, 0.2, 10.0


def run(fun: Any, method: str, t_span: Any, y0: Any, rtol: float, atol: Any, jac: Any = None) -> Solution:
    """Return all accepted steps."""
    given = _checks.callback(fun, method, t_span, y0, rtol, atol, jac)
    if method not in PAIRS:
        raise NotImplementedError(f"{method} is not written in NumPy: only {' and '.join(PAIRS)}")
    return _explicit(fun, PAIRS[method], given)


def _explicit(fun: Any, pair: Any, given: Checked) -> Solution:
    t, t1, y, rtol, atol = given
    stages, order, n = pair.n_stages, pair.error_estimator_order, y.size
    rows = [(s, float(pair.C[s]), pair.A[s, :s]) for s in range(1, stages)]
    error_norm = _error_853 if stages == len(DOP853.B) else _error_45
    exponent, direction = -1.0 / (order + 1), 1.0 if t1 >= t else -1.0
    K = np.empty((stages + 1, n))
    views = [K[: s + 1] for s in range(stages + 1)]
    ts, ys, calls, rejections = [t], [y], 1, 0
    K[0] = _checked(fun(t, y), n)
    if t == t1:
        return Solution(np.array([t, t1]), np.stack((y, y)).T, 1, 0, 0, 1, 0, 1, 0)
    h_abs = _first_step(fun, t, t1, y, K[0], order, rtol, atol)
    calls += 1
    size = np.abs(y)
    while direction * (t - t1) < 0.0:
        min_step = 10.0 * abs(math.nextafter(t, direction * math.inf) - t)
        h_abs = min_step if h_abs < min_step else h_abs  # NaN stays
        rejected = False
        while True:
            if not h_abs >= min_step:  # NaN, too
                return _solution(ts, ys, calls, rejections, -1)
            t_new = t + h_abs * direction
            if direction * (t_new - t1) > 0.0:
                t_new = t1
            h = t_new - t
            h_abs = abs(h)
            for s, c, a in rows:
                K[s] = fun(t + c * h, y + a.dot(views[s - 1]) * h)
            y_new = y + h * pair.B.dot(views[stages - 1])
            K[stages] = fun(t_new, y_new)
            calls += stages
            size_new = np.abs(y_new)
            error = error_norm(K, h, atol + np.maximum(size, size_new) * rtol, n)
            if error < 1.0:
                factor = min(MAX_FACTOR, SAFETY * error**exponent) if error > 0.0 else MAX_FACTOR
                h_abs *= min(1.0, factor) if rejected else factor
                break
            rejections += 1
            rejected = True
            shorter = SAFETY * error**exponent
            h_abs *= shorter if shorter > MIN_FACTOR else MIN_FACTOR
        t, y, size = t_new, y_new, size_new
        K[0] = K[stages]
        ts.append(t)
        ys.append(y)
    return _solution(ts, ys, calls, rejections, 0)


def _error_45(K: Array, h: float, scale: Array, n: int) -> float:
    part = RK45.E.dot(K) * h / scale
    return math.sqrt(part.dot(part)) / math.sqrt(n)


def _error_853(K: Array, h: float, scale: Array, n: int) -> float:
    e5, e3 = E5_E3.dot(K) / scale
    n5, n3 = e5.dot(e5), e3.dot(e3)
    if n5 == 0.0 and n3 == 0.0:
        return 0.0
    return abs(h) * float(n5) / math.sqrt((n5 + 0.01 * n3) * n)


def _first_step(
    fun: Any, t0: float, t1: float, y0: Array, f0: Array, order: int, rtol: float, atol: Array
) -> float:
    """Return the absolute first step: Hairer, Norsett and Wanner, I, section II.4."""
    interval = abs(t1 - t0)
    direction = 1.0 if t1 > t0 else -1.0
    scale = atol + np.abs(y0) * rtol
    root = math.sqrt(y0.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        d0 = float(np.linalg.norm(y0 / scale)) / root
        d1 = float(np.linalg.norm(f0 / scale)) / root
        h0 = 1e-6 if d0 < 1e-5 or d1 < 1e-5 else 0.01 * d0 / d1
        h0 = min(h0, interval)
        f1 = _checked(fun(t0 + h0 * direction, y0 + h0 * direction * f0), y0.size)
        d2 = float(np.linalg.norm((f1 - f0) / scale)) / root / h0
    if d1 <= 1e-15 and d2 <= 1e-15:
        h1 = max(1e-6, h0 * 1e-3)
    else:
        h1 = (0.01 / max(d1, d2)) ** (1.0 / (order + 1))
    return min(100.0 * h0, h1, interval)


def _checked(value: Any, n: int) -> Array:
    array = np.asarray(value, dtype=np.float64)
    if array.shape != (n,):
        raise ValueError(f"fun returned shape {array.shape}, expected ({n},)")
    return array


def _solution(ts: list[float], ys: list[Array], calls: int, rejections: int, status: int) -> Solution:
    steps = len(ts) - 1
    return Solution(np.array(ts), np.stack(ys).T, calls, 0, 0, steps, rejections, calls, status)
