"""GR6J fed by CemaNeige in Rust: the same text as ``numba_jit``, compiled for the number of layers."""

from __future__ import annotations

from paceline_models._rust import gr6j_cemaneige as _kernel
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j_cemaneige._model import simulate


def run(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    mean_annual_solid: float,
) -> Array:
    """Return the fields (N, 20 + 11 L) from the default start."""
    return run_states(precip, pet, layer_precip, layer_temp, layer_solid, params, mean_annual_solid)[0]


def run_states(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    mean_annual_solid: float,
    initial: Array | None = None,
) -> tuple[Array, Array]:
    """Return the fields (N, 20 + 11 L) and the final state (63 + 4 L,)."""
    return simulate(
        _kernel, precip, pet, layer_precip, layer_temp, layer_solid, params, mean_annual_solid, initial
    )
