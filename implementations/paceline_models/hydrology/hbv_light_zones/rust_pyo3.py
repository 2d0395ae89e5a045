"""HBV-Light with zones in Rust: the same text as ``numba_jit``."""

from __future__ import annotations

from paceline_models._rust import hbv_light_zones as _kernel
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.hbv_light_zones._model import simulate


def run(precip: Array, temp: Array, pet: Array, params: Array, zones: Array) -> Array:
    """Return the fields (N, 20 + 11 Z) from the default start."""
    return run_states(precip, temp, pet, params, zones)[0]


def run_states(
    precip: Array, temp: Array, pet: Array, params: Array, zones: Array, initial: Array | None = None
) -> tuple[Array, Array]:
    """Return the fields (N, 20 + 11 Z) and the final state (3 Z + 2 + ceil(MAXBAS) - 1,)."""
    return simulate(_kernel, precip, temp, pet, params, zones, initial)
