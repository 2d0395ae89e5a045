"""What all implementations of HBV-Light with zones share: checked arguments, zones' forcing, the start."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv import FIELDS, simulation
from paceline_models.hydrology.hbv_light_zones import PARAMETERS, ZONE_FIELDS

PCALT, TCALT = len(PARAMETERS) - 2, len(PARAMETERS) - 1

Kernel = Callable[[Array, Array, Array, Array, Array, Array, Array, Array, Array], object]


def simulate(
    kernel: Kernel,
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    zones: Array,
    initial: Array | None,
) -> tuple[Array, Array]:
    """Check the arguments, then let ``kernel`` fill its last three.

    Its arguments are precip, temp, pet, params, the zones' forcing (Z, 3), the routing weights (W,), the
    stores (3 Z + 2,), the generated discharges newest first (N + W - 1, of which the last W - 1 are known),
    and the fields (N, 20 + 11 Z).
    """
    precip, temp, pet = simulation.forcing(precip, temp, pet)
    params = simulation.parameters(params, PARAMETERS)
    zones = simulation.zones(zones)
    count = zones.shape[0]
    weights = simulation.routing_weights(float(params[simulation.MAXBAS]))
    state = simulation.start(initial, params, count, weights.shape[0] - 1)
    stores, remembered = state[: 3 * count + 2], state[3 * count + 2 :]
    generated = simulation.discharges(precip.shape[0], remembered)
    fields = np.empty((precip.shape[0], len(FIELDS) + len(ZONE_FIELDS) * count))
    kernel(precip, temp, pet, params, _zone_forcing(params, zones), weights, stores, generated, fields)
    remembered[:] = generated[: remembered.shape[0]]
    return fields, state


def _zone_forcing(params: Array, zones: Array) -> Array:
    """Return by zone what multiplies precipitation, what is taken off the temperature, and the area share."""
    pcalt, tcalt = float(params[PCALT]), float(params[TCALT])
    told = zones.tolist()
    first = told[0][0]
    above = 0.0
    for altitude, share in told:
        above += share * (altitude - first)
    rows = []
    for altitude, share in told:
        height = altitude - (first + above)
        rows.append((max(0.0, 1.0 + pcalt * height / 10000.0), tcalt * height / 100.0, share))
    return np.array(rows)
