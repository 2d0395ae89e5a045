"""HBV-Light with one elevation zone and one soil step a day: a daily rainfall-runoff model, 14 parameters.

A snow pack SP with liquid water LW, soil moisture SM, an upper and a lower groundwater zone UZ and LZ, and
a triangular routing. Source: Seibert and Vis (2012), Hydrology and Earth System Sciences 16, 3315-3325; the
order of operations is fixed by what the HBV-light program prints.

With p, T and e the precipitation, temperature and potential evapotranspiration of a day::

    wet0 = SP + LW > 0                           there was snow before today's precipitation
    T < TT:  snowfall = SFCF p                   refreezing = min(CFR CFMAX (TT - T), LW)
    else:    rain = p                            melt = min(CFMAX (T - TT), SP)
    SP' = SP - melt + refreezing + snowfall      LW1 = LW + melt - refreezing + rain
    I = max(0, LW1 - CWH SP')                    LW' = LW1 - I

    r = I min((SM/FC)^BETA, 1)                   SM1 = SM + I - r
    R = r + max(SM1 - FC, 0)                     SM2 = min(SM1, FC)
    AET = 0 if wet0, else min(e min((SM + SM2)/2 / (LP FC), 1), SM2)
    SM' = SM2 - AET

    UZ1 = UZ + R          perc = min(PERC, UZ1)  UZ2 = UZ1 - perc       LZ1 = LZ + perc
    Q0 = K0 max(UZ2 - UZL, 0)                    Q1 = K1 UZ2            UZ' = UZ2 - (Q0 + Q1)
    Q2 = K2 LZ1           LZ' = LZ1 - Q2         Qgen = Q0 + Q1 + Q2

    Q(t) = sum c_i Qgen(t - i + 1)               c_i = F(i) - F(i - 1), i = 1 .. ceil(MAXBAS)
    F(u) = 2 u^2/MAXBAS^2 up to MAXBAS/2, 1 - 2 (MAXBAS - u)^2/MAXBAS^2 up to MAXBAS, then 1

``run(precip, temp, pet, params)`` takes series (N,) [mm/d, degC, mm/d] and ``params`` (14,), and returns
(N, 20). ``run_states(..., initial=None)`` returns that and the final state: SP, LW, SM, UZ, LZ, then the last
ceil(MAXBAS) - 1 generated discharges, newest first.
"""

from paceline_models.hydrology._hbv import FIELDS, INITIAL, PARAMETERS

__all__ = ["FIELDS", "INITIAL", "PARAMETERS"]
