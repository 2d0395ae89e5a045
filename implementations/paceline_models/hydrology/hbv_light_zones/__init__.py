"""HBV-Light with elevation zones, each with its own snow and soil above the common groundwater.

Z zones with altitude z_k [m] and area share w_k. With z = z_1 + sum w_k (z_k - z_1) the altitude of the
series (so written, it is exact where all are equal), a zone's forcing is, after Seibert and Vis (2012)::

    p_k = max(0, p (1 + PCALT (z_k - z) / 10000))        T_k = T - TCALT (z_k - z) / 100

Every zone does what ``hbv_light`` does up to AET; the upper zone receives R = sum w_k R_k, and the lumped
fields from rain to actual_et are such sums too. Groundwater, outflow and routing are those of ``hbv_light``.

``run(precip, temp, pet, params, zones)`` takes series (N,) [mm/d, degC, mm/d], ``params`` (16,) and ``zones``
(Z, 2), and returns (N, 20 + 11 Z). ``run_states(..., initial=None)`` returns that and the final state: SP, LW
and SM of all zones, UZ, LZ, then the last ceil(MAXBAS) - 1 generated discharges, newest first.
"""

from paceline_models.hydrology import _hbv
from paceline_models.hydrology._checks import Parameter

ZONE_FIELDS = (
    "temp", "precip", "rain", "snowfall", "snow_pack", "melt", "liquid_water", "soil_input",
    "soil_moisture", "recharge", "actual_et",
)  # fmt: skip
"""The fields of a zone: its temperature [degC] and precipitation, then as in ``hbv_light`` [mm]."""

PARAMETERS = (
    *_hbv.PARAMETERS,
    Parameter("PCALT", "%/100 m", "increase of precipitation with altitude", usual=(0.0, 20.0)),
    Parameter("TCALT", "degC/100 m", "decrease of temperature with altitude", usual=(0.4, 0.8)),
)

INITIAL = _hbv.INITIAL
"""SP, LW and SM are given for every zone, zone after zone within each."""


def FIELDS(zones: int) -> tuple[str, ...]:  # noqa: N802 - the contract's name, a tuple in other models
    """Return the names of the columns for that many zones: HBV-Light's, then ``zone1_temp`` and so on."""
    return _hbv.FIELDS + tuple(f"zone{k}_{name}" for k in range(1, zones + 1) for name in ZONE_FIELDS)
