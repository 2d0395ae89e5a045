"""HBV-Light's equations as Numba compiles them: IEEE rules, divisions unchecked, as in Rust."""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology._hbv import equations

snow_routine = njit(cache=True, error_model="numpy")(equations.snow_routine)
infiltration = njit(cache=True, error_model="numpy")(equations.infiltration)
infiltration_1mm = njit(cache=True, error_model="numpy")(equations.infiltration_1mm)
evapotranspiration = njit(cache=True, error_model="numpy")(equations.evapotranspiration)
response = njit(cache=True, error_model="numpy")(equations.response)
# Inlined by Numba itself: as a call it keeps the reference counts of its arrays in the loop.
routed = njit(cache=True, error_model="numpy", inline="always")(equations.routed)
