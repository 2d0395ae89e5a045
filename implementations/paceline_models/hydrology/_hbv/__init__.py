"""What the HBV-Light models share: tables, equations, checked arguments, the start and the routing.

``equations`` are plain Python, for the references; ``compiled`` are the same functions through Numba;
``simulation`` judges the arguments and makes the arrays that a kernel reads and fills.
"""

from paceline_models.hydrology._checks import SMALLEST, Parameter

FIELDS = (
    "precip", "temp", "pet", "rain", "snowfall", "snow_pack", "melt", "liquid_water", "soil_input",
    "soil_moisture", "recharge", "actual_et", "upper_zone", "lower_zone", "q0", "q1", "q2", "percolation",
    "q_generated", "streamflow",
)  # fmt: skip
"""The columns of the result, in mm or mm/d, but temp in degC: precipitation, temperature and potential
evapotranspiration as given; rain; snowfall (times SFCF); snow pack SP; melt; liquid water in the snow LW;
soil input I; soil moisture SM; recharge R; actual evapotranspiration; upper zone UZ; lower zone LZ; the
outflows Q0, Q1, Q2, percolation and their sum Qgen before routing; streamflow, which is Qgen routed."""

PARAMETERS = (
    Parameter("TT", "degC", "threshold temperature of snowfall and melt", usual=(-2.5, 2.5)),
    Parameter("CFMAX", "mm/degC/d", "degree-day factor", low=0.0, usual=(0.5, 10.0)),
    Parameter("SFCF", "-", "snowfall correction factor", low=0.0, usual=(0.4, 1.4)),
    Parameter("CFR", "-", "refreezing coefficient", low=0.0, usual=(0.0, 0.2)),
    Parameter("CWH", "-", "water that the snow holds, as a share of SP", low=0.0, usual=(0.0, 0.2)),
    Parameter("FC", "mm", "field capacity: the largest soil moisture", low=SMALLEST, usual=(50.0, 700.0)),
    Parameter("LP", "-", "share of FC above which AET reaches PET", low=SMALLEST, usual=(0.3, 1.0)),
    Parameter("BETA", "-", "exponent of the recharge", low=0.0, usual=(1.0, 6.0)),
    Parameter("PERC", "mm/d", "largest percolation", low=0.0, usual=(0.0, 6.0)),
    Parameter("UZL", "mm", "content of the upper zone above which Q0 flows", low=0.0, usual=(0.0, 100.0)),
    Parameter("K0", "1/d", "recession of Q0; K0 + K1 <= 1", low=0.0, high=1.0, usual=(0.05, 0.99)),
    Parameter("K1", "1/d", "recession of Q1; K0 + K1 <= 1", low=0.0, high=1.0, usual=(0.01, 0.5)),
    Parameter("K2", "1/d", "recession of Q2", low=0.0, high=1.0, usual=(0.001, 0.2)),
    Parameter("MAXBAS", "d", "base of the routing triangle", low=1.0, high=1e6, usual=(1.0, 7.0)),
)
"""The upper bound of MAXBAS is ours: the state keeps as many discharges. LP FC must be greater than zero."""

INITIAL = {
    "SP": "0",
    "LW": "0",
    "SM": "FC/2",
    "UZ": "0",
    "LZ": "10 mm",
    "generated": "the last ceil(MAXBAS) - 1 generated discharges, newest first: 0",
}
"""The state vector's parts in their order. SP, LW and SM must not be negative."""
