"""HBV-Light with the soil filled in steps of a whole millimetre, as the HBV-light program does it.

Everything is as in ``hbv_light``, but soil input I goes into the soil in floor(I) steps of 1 mm and then the
remainder, each with the soil moisture that the step before it has left::

    for d in 1, 1, ..., I - floor(I):   r = d min((SM/FC)^BETA, 1)    SM := SM + d - r    R := R + r

and only then R := R + max(SM - FC, 0), SM := min(SM, FC). With it the model gives what the program prints, to
the last digit printed. Since its loop is per millimetre, soil input over 10,000 mm a day is a ValueError.

``run(precip, temp, pet, params)`` takes series (N,) [mm/d, degC, mm/d] and ``params`` (14,), and returns
(N, 20). ``run_states(..., initial=None)`` returns that and the final state, as in ``hbv_light``.
"""

from paceline_models.hydrology._hbv import FIELDS, INITIAL, PARAMETERS

LARGEST_SOIL_INPUT = 10_000.0
"""The most that may enter the soil in one day [mm]."""

__all__ = ["FIELDS", "INITIAL", "LARGEST_SOIL_INPUT", "PARAMETERS"]
