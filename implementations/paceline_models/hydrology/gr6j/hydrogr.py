"""GR6J of the package hydrogr (Rust): discharge only, with the publication's decimal constants.

A peer, of somebody else: https://pypi.org/project/hydrogr. Its compiled function is called directly, without
the package's data frames. It uses 0.9 and 0.4 where airGR has single-precision literals (4.5e-6 mm off on
our references), returns one field of twenty, and ends with an index error for X4 above 20 days.
"""

from __future__ import annotations

import numpy as np
from hydrogr._hydrogr import gr6j

from paceline_models.hydrology import _checks
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j import PARAMETERS

FIELDS = ("Qsim",)
TOLERANCE = (0.0, 2e-5, "Its constants are the publication's decimals, not airGR's.")
LONGEST_TIME_BASE = 20.0


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the discharge (N, 1) from the default start."""
    precip = _checks.series("precip", precip)
    pet = _checks.series("pet", pet, precip.shape[0])
    params = _checks.parameters(params, PARAMETERS)
    if params[3] > LONGEST_TIME_BASE:
        raise ValueError(f"params[3] (X4) is {params[3]}, but hydrogr ends at {LONGEST_TIME_BASE:g} days")
    stores = np.array([0.3 * params[0], 0.5 * params[2], 0.0])
    *_, discharge = gr6j(params.tolist(), precip, pet, stores, np.zeros(20), np.zeros(40))
    return np.asarray(discharge, dtype=np.float64).reshape(-1, 1)
