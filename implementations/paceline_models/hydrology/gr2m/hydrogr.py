"""GR2M of the package hydrogr (Rust): discharge only, with the publication's exponent.

A peer, of somebody else: https://pypi.org/project/hydrogr. Its compiled function is called directly, without
the package's data frames. It uses 1/3 where airGR has a single-precision literal (4e-6 mm off on our
references), and returns one field of eleven.
"""

from __future__ import annotations

import numpy as np
from hydrogr._hydrogr import gr2m

from paceline_models.hydrology import _checks
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr2m import PARAMETERS

FIELDS = ("Qsim",)
TOLERANCE = (0.0, 2e-5, "Its exponent is 1/3, not airGR's.")


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the discharge (N, 1) from the default start."""
    precip = _checks.series("precip", precip)
    pet = _checks.series("pet", pet, precip.shape[0])
    params = _checks.parameters(params, PARAMETERS)
    stores = np.array([0.3 * params[0], 0.5 * params[1]])
    _, discharge = gr2m(params.tolist(), precip, pet, stores)
    return np.asarray(discharge, dtype=np.float64).reshape(-1, 1)
