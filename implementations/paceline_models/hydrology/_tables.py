"""Smooth functions of one variable as tables of Taylor polynomials, for ``numba_tuned``.

A multiplication, a load and seven multiply-adds instead of two square roots and a division, of a power, or of
an exponential and a logarithm. A row holds the coefficients about the middle of an interval of width 1/64
(roots) or 7/64 (softplus), for a variable that is counted in rows. The radius of convergence is at least
0.86 and pi: what is cut off is below 1e-16. The same tables as in ``rust/src/hydrology/tables.rs``.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from paceline_models._numba import njit
from paceline_models.hydrology._airgr import AIRGR_PERCOLATION_EXPONENT
from paceline_models.hydrology._checks import Array

ROWS = 128
TERMS = 8
ROOT_END = 2.0
SOFTPLUS_END = 7.0
TANH_QUOTIENT_END = 0.6  # up to here the quotient of tanh is exact to rounding
ROOT_SCALE = ROWS / ROOT_END
SOFTPLUS_SCALE = ROWS / (2.0 * SOFTPLUS_END)


def _power(w: tuple[float, ...], exponent: float) -> list[float]:
    """Return the coefficients of the power of a polynomial (the recurrence of J. C. P. Miller)."""
    terms = [w[0] ** exponent]
    for n in range(1, TERMS):
        last = min(n, len(w) - 1)
        total = sum(((exponent + 1.0) * k - n) * w[k] * terms[n - k] for k in range(1, last + 1))
        terms.append(total / (n * w[0]))
    return terms


def _quarter_root_row(c: float) -> list[float]:
    """Return the coefficients of 1 - (1 + u^4)^(-1/4) about c."""
    first, *rest = _power((1.0 + c**4, 4.0 * c**3, 6.0 * c * c, 4.0 * c, 1.0), -0.25)
    return [1.0 - first] + [-value for value in rest]


def _cube_root_row(c: float) -> list[float]:
    """Return the coefficients of (1 + r^3)^(-1/3) about c."""
    return _power((1.0 + c**3, 3.0 * c * c, 3.0 * c, 1.0), -AIRGR_PERCOLATION_EXPONENT)


def _softplus_row(c: float) -> list[float]:
    """Return the coefficients of ln(1 + exp(a)) about c: the logistic function integrated term by term."""
    logistic = [1.0 / (1.0 + math.exp(-c))]
    for n in range(1, TERMS - 1):
        square = sum(logistic[k] * logistic[n - 1 - k] for k in range(n))
        logistic.append((logistic[n - 1] - square) / n)
    return [math.log1p(math.exp(c))] + [value / (n + 1) for n, value in enumerate(logistic)]


def _table(row: Callable[[float], list[float]], start: float, scale: float) -> Array:
    rows = [row((i + 0.5) / scale + start) for i in range(ROWS + 1)]
    return np.asarray(np.array(rows) * (1.0 / scale) ** np.arange(TERMS))


QUARTER_ROOT = _table(_quarter_root_row, 0.0, ROOT_SCALE)
CUBE_ROOT = _table(_cube_root_row, 0.0, ROOT_SCALE)
SOFTPLUS = _table(_softplus_row, -SOFTPLUS_END, SOFTPLUS_SCALE)


@njit(cache=True, error_model="numpy")
def _lookup(table: Array, x: float) -> float:
    row = np.int64(x)
    h = x - float(row) - 0.5
    h2 = h * h
    low = (table[row, 0] + table[row, 1] * h) + (table[row, 2] + table[row, 3] * h) * h2
    high = (table[row, 4] + table[row, 5] * h) + (table[row, 6] + table[row, 7] * h) * h2
    return float(low + high * (h2 * h2))


@njit(cache=True, error_model="numpy")
def quarter_root_loss(rows: float) -> float:
    """Return 1 - (1 + u^4)^(-1/4) for u >= 0, which is told in rows: u * ROOT_SCALE."""
    if 0.0 <= rows < ROWS:
        return _lookup(QUARTER_ROOT, rows)
    u = rows / ROOT_SCALE
    square = u * u
    return 1.0 - 1.0 / math.sqrt(math.sqrt(1.0 + square * square))


@njit(cache=True, error_model="numpy")
def cube_root_share(rows: float) -> float:
    """Return (1 + r^3)^(-1/3), with airGR's exponent, for r >= 0, which is told in rows: r * ROOT_SCALE."""
    if 0.0 <= rows < ROWS:
        return _lookup(CUBE_ROOT, rows)
    r = rows / ROOT_SCALE
    return float((1.0 + r * r * r) ** -AIRGR_PERCOLATION_EXPONENT)


@njit(cache=True, error_model="numpy")
def softplus(row: float) -> float:
    """Return ln(1 + exp(a)) for -7 <= a <= 7, which is told as a row: a * SOFTPLUS_SCALE + ROWS/2."""
    return _lookup(SOFTPLUS, row)


@njit(cache=True, error_model="numpy")
def tanh_quotient(x: float) -> tuple[float, float]:
    """Return tanh(x) as numerator and denominator; x >= 0. Small x: the continued fraction of Lambert."""
    if x <= TANH_QUOTIENT_END:
        y = x * x
        numerator = x * ((135135.0 + 17325.0 * y) + (378.0 + y) * (y * y))
        denominator = (135135.0 + 62370.0 * y) + (3150.0 + 28.0 * y) * (y * y)
        return numerator, denominator
    e = math.exp(2.0 * min(x, 13.0))
    return e - 1.0, e + 1.0
