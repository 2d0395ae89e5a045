"""What all implementations share: checked arguments, the start, and the arrays of the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.hydrology import _checks
from paceline_models.hydrology._airgr import AIRGR_THRESHOLD_FACTOR
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j import _model as gr6j
from paceline_models.hydrology.gr6j_cemaneige import HYSTERESIS, LAYER_FIELDS, PARAMETERS

Kernel = Callable[[Array, Array, Array, Array, Array, Array, Array, Array], object]


def simulate(
    kernel: Kernel,
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    mean_annual_solid: float,
    initial: Array | None,
) -> tuple[Array, Array]:
    """Check the arguments, then let the kernel fill its last two, ``state`` and ``fields``.

    ``kernel(precip, pet, layer_precip, layer_temp, layer_solid, params, state, fields)``; the state that it
    works on (63 + 5 L) ends with the snow cover of the layers, which is not handed on.
    """
    precip = _checks.series("precip", precip)
    steps = precip.shape[0]
    pet = _checks.series("pet", pet, steps)
    layer_precip = _checks.table("layer_precip", layer_precip, steps, None, low=0.0)
    layers = layer_precip.shape[1]
    layer_temp = _checks.table("layer_temp", layer_temp, steps, layers)
    layer_solid = _checks.table("layer_solid", layer_solid, steps, layers, low=0.0, high=1.0)
    params = _checks.parameters(params, PARAMETERS, PARAMETERS + HYSTERESIS)
    mean = _checks.number("mean_annual_solid", mean_annual_solid, low=0.0)
    state = _states(initial, params, mean, layers)
    fields = np.empty((steps, 20 + len(LAYER_FIELDS) * layers))
    kernel(precip, pet, layer_precip, layer_temp, layer_solid, params, state, fields)
    return fields, state[: gr6j.STATES + 4 * layers]


def _states(initial: Array | None, params: Array, mean: float, layers: int) -> Array:
    """Return the state vector to work on: GR6J's, G, eTG, Gthr, Gloc and the snow cover."""
    hysteresis = params.shape[0] > len(PARAMETERS)
    threshold = (params[9] if hysteresis else AIRGR_THRESHOLD_FACTOR) * mean
    start = np.zeros(gr6j.STATES + 5 * layers)
    start[: gr6j.STATES] = gr6j.start(params)
    thresholds = slice(gr6j.STATES + 2 * layers, gr6j.STATES + 4 * layers)
    start[thresholds] = threshold
    if initial is None:
        return start
    if isinstance(initial, np.ndarray) and initial.shape == start.shape:
        state = _checks.state(initial, start)
    else:
        known = gr6j.STATES + 4 * layers
        state = np.concatenate((_checks.state(initial, start[:known]), start[known:]))
    if not hysteresis:
        state[thresholds] = threshold
    return state
