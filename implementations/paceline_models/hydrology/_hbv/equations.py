"""HBV-Light's equations, one function a routine, under the names of the publication.

The functions are plain Python, for the references; ``compiled`` holds them as Numba compiles them, and
``rust/src/hydrology/hbv.rs`` is the same text. SP, LW, SM, UZ and LZ are stores [mm]; p, e [mm/d]; T [degC].
"""

from __future__ import annotations

from paceline_models.hydrology._checks import Array


def snow_routine(
    SP: float, LW: float, p: float, T: float, TT: float, CFMAX: float, SFCF: float, CFR: float, CWH: float
) -> tuple[float, float, float, float, float, float]:
    """Return rain, snowfall, SP, melt, LW and soil input; rain goes into the snow's water."""
    if T < TT:
        rain = 0.0
        snowfall = SFCF * p
        melt = 0.0
        refreezing = min(CFR * CFMAX * (TT - T), LW)
    else:
        rain = p
        snowfall = 0.0
        melt = min(CFMAX * (T - TT), SP)
        refreezing = 0.0
    SP = SP - melt + refreezing + snowfall
    LW = LW + melt - refreezing + rain
    soil_input = max(0.0, LW - CWH * SP)
    return rain, snowfall, SP, melt, LW - soil_input, soil_input


def infiltration(SM: float, soil_input: float, FC: float, BETA: float) -> tuple[float, float]:
    """Return SM and recharge R after the soil input in one step; what FC cannot hold is recharge."""
    R = soil_input * min(SM / FC, 1.0) ** BETA
    SM = SM + (soil_input - R)
    return min(SM, FC), R + max(SM - FC, 0.0)


def infiltration_1mm(SM: float, soil_input: float, FC: float, BETA: float) -> tuple[float, float]:
    """Return SM and recharge R after the soil input in steps of a whole millimetre, the remainder last."""
    whole = int(soil_input)
    R = 0.0
    for _ in range(whole):
        r = min(SM / FC, 1.0) ** BETA
        SM = SM + (1.0 - r)
        R += r
    remainder = soil_input - whole
    r = remainder * min(SM / FC, 1.0) ** BETA
    SM = SM + (remainder - r)
    return min(SM, FC), R + r + max(SM - FC, 0.0)


def evapotranspiration(SM_before: float, SM: float, e: float, limit: float) -> float:
    """Return AET, from the mean of SM before and after infiltration; limit is LP FC."""
    return min(e * min((SM_before + SM) / 2.0 / limit, 1.0), SM)


def response(
    UZ: float, LZ: float, R: float, PERC: float, UZL: float, K0: float, K1: float, K2: float
) -> tuple[float, float, float, float, float, float]:
    """Return UZ, LZ, Q0, Q1, Q2 and percolation: recharge R in, percolation first, then the outflows."""
    UZ = UZ + R
    percolation = min(PERC, UZ)
    UZ = UZ - percolation
    LZ = LZ + percolation
    Q0 = K0 * max(UZ - UZL, 0.0)
    Q1 = K1 * UZ
    UZ = UZ - (Q0 + Q1)
    Q2 = K2 * LZ
    LZ = LZ - Q2
    return UZ, LZ, Q0, Q1, Q2, percolation


def routed(generated: Array, newest: int, weights: Array) -> float:
    """Return sum c_i Qgen(t - i + 1), i = 1, 2, ...; ``generated`` runs back in time from ``newest``."""
    Q = 0.0
    for i in range(weights.shape[0]):
        Q += weights[i] * generated[newest + i]
    return Q
