"""GR6J: a daily rainfall-runoff model with six parameters.

A production store S (capacity X1), two unit hydrographs (time base X4), a routing store R (capacity X3),
an exponential store X (coefficient X6) and a direct branch; a water exchange that X2 and X5 rule.
Source: Pushpalatha, Perrin, Le Moine, Mathevet and Andreassian (2011), Journal of Hydrology 411, 66-76;
operations and constants in the order of airGR 1.7.6.

With p and e the rain and potential evapotranspiration of a day, th(x) = tanh(min(x, 13)), B = 0.9,
C = 0.4, and O1, O2 the ordinates of the unit hydrographs::

    p <= e:  f = th((e - p)/X1)   s = S/X1   ER = S (2 - s) f / (1 + (1 - s) f)   AE = p + ER   S -= ER
             Pn = Ps = PR = 0
    p > e:   Pn = p - e           f = th(Pn/X1)      Ps = X1 (1 - s^2) f / (1 + s f)
             AE = e               S += Ps            PR = Pn - Ps
    Perc = S (1 - (1 + (S/X1)^4 / (9/4)^4)^(-1/4))   S -= Perc          PR += Perc
    U1[k] = U1[k+1] + O1[k] B PR                     Q9 = U1[0]
    U2[k] = U2[k+1] + O2[k] (1 - B) PR               Q1 = U2[0]
    EX = X2 (R/X3 - X5)
    R = max(R + (1 - C) Q9 + EX, 0)                  QR = R (1 - (1 + (R/X3)^4)^(-1/4))     R -= QR
    X += C Q9 + EX                                   QRExp = X6 ln(1 + exp(X/X6))           X -= QRExp
    QD = max(Q1 + EX, 0)                             Qsim = max(QR + QD + QRExp, 0)

``run(precip, pet, params)`` takes series (N,) [mm/d] and ``params`` (6,), and returns (N, 20) [mm/d; stores
in mm]. ``run_states(..., initial=None)`` returns that and the final state (63,): S, R, X, U1 (20), U2 (40).
"""

from paceline_models.hydrology._checks import Parameter

FIELDS = (
    "PotEvap", "Precip", "Prod", "Pn", "Ps", "AE", "Perc", "PR", "Q9", "Q1",
    "Rout", "Exch", "AExch1", "AExch2", "AExch", "QR", "QRExp", "Exp", "QD", "Qsim",
)  # fmt: skip
"""The columns of the result, in airGR's order, all in mm: potential evapotranspiration, precipitation,
production store, net rain, rain into the store, actual evapotranspiration, percolation, water to routing,
outflow of the two hydrographs, routing store, potential exchange, actual exchange of the routing store, of
the direct branch, and in all, outflow of the routing and of the exponential store, exponential store
(may be negative), direct flow, discharge."""

PARAMETERS = (
    Parameter("X1", "mm", "capacity of the production store", low=0.01, usual=(50.0, 2000.0)),
    Parameter("X2", "mm/d", "exchange coefficient", usual=(-5.0, 5.0)),
    Parameter("X3", "mm", "capacity of the routing store", low=0.01, usual=(10.0, 500.0)),
    Parameter("X4", "d", "time base of the unit hydrographs", low=0.5, usual=(0.5, 10.0)),
    Parameter("X5", "-", "exchange threshold", usual=(-1.0, 2.0)),
    Parameter("X6", "mm", "coefficient of the exponential store", low=0.01, usual=(0.05, 50.0)),
)

INITIAL = {"S": "0.3 X1", "R": "0.5 X3", "X": "0", "U1": "0", "U2": "0"}
