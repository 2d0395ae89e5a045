"""GR6J as its equations stand: the reference."""

from __future__ import annotations

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j._equations import Stores, hydrographs, production, routing
from paceline_models.hydrology.gr6j._model import simulate


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 20) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 20) and the final state (63,)."""
    return simulate(_kernel, precip, pet, params, initial)


def _kernel(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None:
    stores = Stores(params, state)
    values = params.tolist()
    for t, (p, e) in enumerate(zip(precip.tolist(), pet.tolist(), strict=True)):
        day = production(stores, p, e, values[0])
        Q9, Q1 = hydrographs(stores, day.PR)
        fields[t, :3] = e, p, stores.S
        fields[t, 3:8] = day
        fields[t, 8:10] = Q9, Q1
        fields[t, 10:] = routing(stores, Q9, Q1, values)
    state[:3] = stores.S, stores.R, stores.X
