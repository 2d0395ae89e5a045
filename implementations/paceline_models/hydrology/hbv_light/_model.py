"""What all implementations of HBV-Light share: checked arguments, the start, and the arrays of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv import FIELDS, simulation

STORES = 5  # SP, LW, SM, UZ, LZ

Kernel = Callable[[Array, Array, Array, Array, Array, Array, Array, Array], object]


def simulate(
    kernel: Kernel, precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel`` fill its last three.

    Its arguments are precip, temp, pet, params, the routing weights (W,), the stores (5,), the generated
    discharges newest first (N + W - 1, of which the last W - 1 are known), and the fields (N, 20).
    """
    precip, temp, pet = simulation.forcing(precip, temp, pet)
    params = simulation.parameters(params)
    weights = simulation.routing_weights(params[simulation.MAXBAS])
    state = simulation.start(initial, params, 1, weights.shape[0] - 1)
    generated = simulation.discharges(precip.shape[0], state[STORES:])
    fields = np.empty((precip.shape[0], len(FIELDS)))
    kernel(precip, temp, pet, params, weights, state[:STORES], generated, fields)
    state[STORES:] = generated[: weights.shape[0] - 1]
    return fields, state
