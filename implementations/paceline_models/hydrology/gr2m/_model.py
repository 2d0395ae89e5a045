"""What all implementations of GR2M share: checked arguments, the start, and the arrays of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.hydrology import _checks
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr2m import FIELDS, PARAMETERS

Kernel = Callable[[Array, Array, Array, Array, Array], object]


def simulate(
    kernel: Kernel, precip: Array, pet: Array, params: Array, initial: Array | None
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel(precip, pet, params, state, fields)`` fill the last two."""
    precip = _checks.series("precip", precip)
    pet = _checks.series("pet", pet, precip.shape[0])
    params = _checks.parameters(params, PARAMETERS)
    state = _checks.state(initial, params * (0.3, 0.5))
    fields = np.empty((precip.shape[0], len(FIELDS)))
    kernel(precip, pet, params, state, fields)
    return fields, state
