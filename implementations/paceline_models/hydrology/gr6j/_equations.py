"""A day of GR6J, process by process, as the equations stand: for the reference implementations."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from paceline_models.hydrology._airgr import (
    AIRGR_EXPONENTIAL_SHARE,
    AIRGR_SPLIT,
    PERCOLATION_CONSTANT,
    fourth_power,
    quarter_root_loss,
    tanh_capped,
)
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._unit_hydrographs import LENGTH_1, LENGTH_2, s_curve_1, s_curve_2, shifted


class Stores:
    """The states of GR6J while it runs: three stores and two unit hydrographs with their ordinates."""

    def __init__(self, params: Array, state: Array) -> None:
        self.S, self.R, self.X = state[:3].tolist()
        self.U1, self.U2 = state[3 : 3 + LENGTH_1], state[3 + LENGTH_1 :]  # views: shifted where they are
        self.n1, self.n2 = shifted(params[3])
        self.O1 = ordinates(s_curve_1, LENGTH_1, params[3])
        self.O2 = ordinates(s_curve_2, LENGTH_2, params[3])


class Production(NamedTuple):
    """What a day leaves behind above the hydrographs [mm]."""

    Pn: float
    Ps: float
    AE: float
    Perc: float
    PR: float


def ordinates(s_curve: Callable[[float, float], float], length: int, X4: float) -> Array:
    """Return the ordinates of a unit hydrograph: the daily steps of its S-curve."""
    curve = np.array([s_curve(float(i), X4) for i in range(length + 1)])
    return np.diff(curve)


def production(stores: Stores, p: float, e: float, X1: float) -> Production:
    """Fill or empty the production store; return net rain, infiltration, evaporation, percolation, runoff."""
    s = stores.S / X1
    if p <= e:
        f = tanh_capped((e - p) / X1)
        ER = stores.S * (2.0 - s) * f / (1.0 + (1.0 - s) * f)
        stores.S -= ER
        Pn, Ps, AE, PR = 0.0, 0.0, p + ER, 0.0
    else:
        Pn = p - e
        f = tanh_capped(Pn / X1)
        Ps = X1 * (1.0 - s * s) * f / (1.0 + s * f)
        stores.S += Ps
        AE, PR = e, Pn - Ps
    stores.S = max(stores.S, 0.0)
    Perc = stores.S * quarter_root_loss(fourth_power(stores.S / X1) / PERCOLATION_CONSTANT)
    stores.S -= Perc
    return Production(Pn, Ps, AE, Perc, PR + Perc)


def hydrographs(stores: Stores, PR: float) -> tuple[float, float]:
    """Send a day's runoff into both unit hydrographs; return what leaves them: Q9, Q1."""
    for U, ordinate, n, share in (
        (stores.U1, stores.O1, stores.n1, AIRGR_SPLIT),
        (stores.U2, stores.O2, stores.n2, 1.0 - AIRGR_SPLIT),
    ):
        inflow = share * PR
        U[:n] = U[1 : n + 1] + ordinate[:n] * inflow
        U[-1] = ordinate[-1] * inflow
    return float(stores.U1[0]), float(stores.U2[0])


def routing(stores: Stores, Q9: float, Q1: float, params: list[float]) -> tuple[float, ...]:
    """Route both branches; return R, EX, AExch1, AExch2, AExch, QR, QRExp, X, QD and Q."""
    _, X2, X3, _, X5, X6 = params
    EX = X2 * (stores.R / X3 - X5)

    inflow = (1.0 - AIRGR_EXPONENTIAL_SHARE) * Q9
    filled = stores.R + inflow + EX
    AExch1 = EX if filled >= 0.0 else -stores.R - inflow
    R = max(filled, 0.0)
    QR = R * quarter_root_loss(fourth_power(R / X3))
    stores.R = R - QR

    stores.X = stores.X + AIRGR_EXPONENTIAL_SHARE * Q9 + EX
    QRExp = exponential_outflow(stores.X, X6)
    stores.X -= QRExp

    AExch2 = EX if Q1 + EX >= 0.0 else -Q1
    QD = max(Q1 + EX, 0.0)
    Q = max(QR + QD + QRExp, 0.0)
    return stores.R, EX, AExch1, AExch2, AExch1 + AExch2 + EX, QR, QRExp, stores.X, QD, Q


def exponential_outflow(X: float, X6: float) -> float:
    """Return X6 ln(1 + exp(X/X6)), with airGR's asymptotes beyond 7."""
    a = min(max(X / X6, -33.0), 33.0)
    if a > 7.0:
        return X + X6 / math.exp(a)
    if a < -7.0:
        return X6 * math.exp(a)
    return X6 * math.log(math.exp(a) + 1.0)
