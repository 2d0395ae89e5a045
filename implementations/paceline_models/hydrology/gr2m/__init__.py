"""GR2M: a monthly rainfall-runoff model with two parameters.

A production store S of capacity X1 and a routing store R of fixed capacity 60 mm, with a water exchange
that X2 scales. Source: Mouelhi, Michel, Perrin and Andreassian (2006), Journal of Hydrology 318, 200-214;
operations and constants in the order of airGR 1.7.6.

With p and e the rain and potential evapotranspiration of a month and th(x) = tanh(min(x, 13))::

    f = th(p / X1)     S1 = (S + X1 f) / (1 + f S/X1)        P1 = p + S - S1      Ps = p - P1
    g = th(e / X1)     S2 = S1 (1 - g) / (1 + (1 - S1/X1) g)                      AE = S1 - S2
    S' = S2 / (1 + (S2/X1)^3)^(1/3)                          P2 = S2 - S'         P3 = P1 + P2
    R1 = R + P3        R2 = X2 R1                            AExch = R2 - R1
    Q = R2^2 / (R2 + 60)                                     R' = R2 - Q

``run(precip, pet, params)`` takes series (N,) [mm/month] and ``params`` (2,), and returns (N, 11) [mm].
``run_states(..., initial=None)`` returns that and the final state (2,): S, R.
"""

from paceline_models.hydrology._checks import Parameter

FIELDS = ("PotEvap", "Precip", "Prod", "Pn", "Ps", "AE", "Perc", "PR", "Rout", "AExch", "Qsim")
"""The columns of the result, in airGR's order, all in mm: potential evapotranspiration, precipitation,
production store, rain that the store leaves (P1), rain into the store, actual evapotranspiration,
percolation (P2), water to routing (P3), routing store, exchange, discharge."""

PARAMETERS = (
    Parameter("X1", "mm", "capacity of the production store", low=0.01, usual=(1.0, 5000.0)),
    Parameter("X2", "-", "exchange coefficient; below 1 water is lost", low=0.01, usual=(0.2, 2.0)),
)

INITIAL = {"S": "0.3 X1", "R": "0.5 X2 (airGR's own start: the coefficient, not the capacity)"}
