"""GR6J in Numba: the same text as ``rust_pyo3``, IEEE rules (divisions unchecked, as in Rust)."""

from __future__ import annotations

import math

import numpy as np

from paceline_models._numba import njit
from paceline_models.hydrology import _airgr, _unit_hydrographs
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j._model import simulate

SPLIT = _airgr.AIRGR_SPLIT
EXPONENTIAL_SHARE = _airgr.AIRGR_EXPONENTIAL_SHARE
PERCOLATION_CONSTANT = _airgr.PERCOLATION_CONSTANT

compiled = njit(cache=True, error_model="numpy")
tanh_capped = compiled(_airgr.tanh_capped)
quarter_root_loss = compiled(_airgr.quarter_root_loss)
fourth_power = compiled(_airgr.fourth_power)
s_curve_1 = compiled(_unit_hydrographs.s_curve_1)
s_curve_2 = compiled(_unit_hydrographs.s_curve_2)
shifted = compiled(_unit_hydrographs.shifted)


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 20) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 20) and the final state (63,)."""
    return simulate(_kernel, precip, pet, params, initial)


@compiled
def ordinates(x4: float) -> tuple[Array, Array]:
    """Return the ordinates of both unit hydrographs."""
    o1, o2 = np.empty(20), np.empty(40)
    for i in range(20):
        o1[i] = s_curve_1(i + 1.0, x4) - s_curve_1(float(i), x4)
    for i in range(40):
        o2[i] = s_curve_2(i + 1.0, x4) - s_curve_2(float(i), x4)
    return o1, o2


@compiled
def day(
    p: float, e: float, params: Array, s: float, r: float, x: float,
    u1: Array, u2: Array, o1: Array, o2: Array, n1: int, n2: int, row: Array,
) -> tuple[float, float, float]:  # fmt: skip
    """Step one day: shift the hydrographs, fill the row (20,), return the stores S, R, X."""
    x1, x2, x3, x5, x6 = params[0], params[1], params[2], params[4], params[5]

    filling = s / x1
    if p <= e:
        f = tanh_capped((e - p) / x1)
        er = s * (2.0 - filling) * f / (1.0 + (1.0 - filling) * f)
        ae = p + er
        s -= er
        pn = 0.0
        ps = 0.0
        pr = 0.0
    else:
        pn = p - e
        f = tanh_capped(pn / x1)
        ps = x1 * (1.0 - filling * filling) * f / (1.0 + filling * f)
        ae = e
        s += ps
        pr = pn - ps
    s = max(s, 0.0)
    perc = s * quarter_root_loss(fourth_power(s / x1) / PERCOLATION_CONSTANT)
    s -= perc
    pr += perc

    fast = SPLIT * pr
    slow = (1.0 - SPLIT) * pr
    for k in range(n1):
        u1[k] = u1[k + 1] + o1[k] * fast
    u1[19] = o1[19] * fast
    for k in range(n2):
        u2[k] = u2[k + 1] + o2[k] * slow
    u2[39] = o2[39] * slow
    q9, q1 = u1[0], u2[0]

    ex = x2 * (r / x3 - x5)

    inflow = (1.0 - EXPONENTIAL_SHARE) * q9
    filled = r + inflow + ex
    aexch1 = ex
    if filled < 0.0:
        aexch1 = -r - inflow
        filled = 0.0
    qr = filled * quarter_root_loss(fourth_power(filled / x3))
    r = filled - qr

    x = x + EXPONENTIAL_SHARE * q9 + ex
    a = min(max(x / x6, -33.0), 33.0)
    if a > 7.0:
        qrexp = x + x6 / math.exp(a)
    elif a < -7.0:
        qrexp = x6 * math.exp(a)
    else:
        qrexp = x6 * math.log(math.exp(a) + 1.0)
    x -= qrexp

    aexch2 = ex
    qd = q1 + ex
    if qd < 0.0:
        aexch2 = -q1
        qd = 0.0
    q = max(qr + qd + qrexp, 0.0)

    row[0] = e
    row[1] = p
    row[2] = s
    row[3] = pn
    row[4] = ps
    row[5] = ae
    row[6] = perc
    row[7] = pr
    row[8] = q9
    row[9] = q1
    row[10] = r
    row[11] = ex
    row[12] = aexch1
    row[13] = aexch2
    row[14] = aexch1 + aexch2 + ex
    row[15] = qr
    row[16] = qrexp
    row[17] = x
    row[18] = qd
    row[19] = q
    return s, r, x


@compiled
def _kernel(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None:
    o1, o2 = ordinates(params[3])
    n1, n2 = shifted(params[3])
    u1, u2 = state[3:23], state[23:63]
    s, r, x = state[0], state[1], state[2]
    for t in range(precip.shape[0]):
        s, r, x = day(precip[t], pet[t], params, s, r, x, u1, u2, o1, o2, n1, n2, fields[t])
    state[0] = s
    state[1] = r
    state[2] = x
