"""What all implementations of GR6J share: checked arguments, the start, and the arrays of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.hydrology import _checks
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j import FIELDS, PARAMETERS

STATES = 63  # S, R, X, U1 (20), U2 (40)

Kernel = Callable[[Array, Array, Array, Array, Array], object]


def start(params: Array) -> Array:
    """Return the default start of the states (63,)."""
    state = np.zeros(STATES)
    state[0] = 0.3 * params[0]
    state[1] = 0.5 * params[2]
    return state


def simulate(
    kernel: Kernel, precip: Array, pet: Array, params: Array, initial: Array | None
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel(precip, pet, params, state, fields)`` fill the last two."""
    precip = _checks.series("precip", precip)
    pet = _checks.series("pet", pet, precip.shape[0])
    params = _checks.parameters(params, PARAMETERS)
    state = _checks.state(initial, start(params))
    fields = np.empty((precip.shape[0], len(FIELDS)))
    kernel(precip, pet, params, state, fields)
    return fields, state
