"""GR2M in Rust: the same text as ``numba_jit``."""

from __future__ import annotations

from paceline_models._rust import gr2m as _kernel
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr2m._model import simulate


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 11) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 11) and the final state (2,)."""
    return simulate(_kernel, precip, pet, params, initial)
