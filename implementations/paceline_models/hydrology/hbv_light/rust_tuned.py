"""HBV-Light in Rust, doing less work: the power is skipped or cheap, no divisions; as ``numba_tuned``."""

from __future__ import annotations

from paceline_models._rust import hbv_light_tuned as _kernel
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.hbv_light._model import simulate


def run(precip: Array, temp: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 20) from the default start."""
    return run_states(precip, temp, pet, params)[0]


def run_states(
    precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None = None
) -> tuple[Array, Array]:
    """Return the fields (N, 20) and the final state (5 + ceil(MAXBAS) - 1,)."""
    return simulate(_kernel, precip, temp, pet, params, initial)
