"""GR6J fed by CemaNeige as its equations stand, all layers of a day at once: the reference."""

from __future__ import annotations

import numpy as np

from paceline_models.hydrology._airgr import AIRGR_MELT_MINIMUM
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j._equations import Stores, hydrographs, production, routing
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


class Snow:
    """The snow of all layers while the model runs: views on the state vector, each (L,)."""

    def __init__(self, params: Array, state: Array) -> None:
        self.G, self.eTG, self.Gthr, self.Gloc, self.ratio = state.reshape(5, -1)
        self.CTG, self.Kf = params[6:8].tolist()
        self.Gacc = params[8] if params.shape[0] > 8 else None


def _kernel(
    precip: Array,
    pet: Array,
    layer_precip: Array,
    layer_temp: Array,
    layer_solid: Array,
    params: Array,
    state: Array,
    fields: Array,
) -> None:
    stores = Stores(params, state[:63])
    snow = Snow(params, state[63:])
    layers = layer_precip.shape[1]
    values = params[:6].tolist()
    for t, e in enumerate(pet.tolist()):
        by_layer = _snow_day(snow, layer_precip[t], layer_temp[t], layer_solid[t])
        fields[t, 20:] = by_layer.ravel()
        p = 0.0
        for liquid in by_layer[:, 7].tolist():
            p += liquid / layers

        day = production(stores, p, e, values[0])
        Q9, Q1 = hydrographs(stores, day.PR)
        fields[t, :3] = e, precip[t], stores.S
        fields[t, 3:8] = day
        fields[t, 8:10] = Q9, Q1
        fields[t, 10:20] = routing(stores, Q9, Q1, values)
    state[:3] = stores.S, stores.R, stores.X


def _snow_day(snow: Snow, P: Array, T: Array, F: Array) -> Array:
    """Step the snow of all layers one day; return the layers' fields (L, 11)."""
    Pliq, Psol = (1.0 - F) * P, F * P
    before = snow.G.copy()
    snow.G += Psol
    snow.eTG[:] = np.minimum(snow.CTG * snow.eTG + (1.0 - snow.CTG) * T, 0.0)
    melts = (snow.eTG == 0.0) & (T > 0.0)
    PotMelt = np.where(melts, np.minimum(snow.Kf * T, snow.G), 0.0)
    Melt = _melt(snow, PotMelt, before, Psol)
    local = np.full_like(P, np.nan) if snow.Gacc is None else snow.Gloc
    columns = Pliq, Psol, snow.G, snow.eTG, snow.ratio, PotMelt, Melt, Pliq + Melt, T, snow.Gthr, local
    return np.stack(columns, axis=1)


def _melt(snow: Snow, PotMelt: Array, before: Array, Psol: Array) -> Array:
    """Melt by the cover before, then set the cover after; return the melt (L,)."""
    if snow.Gacc is None:
        snow.ratio[:] = _cover(snow.G, snow.Gthr)
    else:
        full = (PotMelt > 0.0) & (snow.ratio == 1.0) & (snow.G < snow.Gloc)
        snow.Gloc[full] = snow.G[full]
        snow.ratio[:] = np.where(PotMelt > 0.0, _cover(snow.G, snow.Gloc), snow.ratio)

    Melt = ((1.0 - AIRGR_MELT_MINIMUM) * snow.ratio + AIRGR_MELT_MINIMUM) * PotMelt
    snow.G -= Melt

    if snow.Gacc is None:
        snow.ratio[:] = _cover(snow.G, snow.Gthr)
    else:
        grows = snow.G - before > 0.0
        grown = np.minimum(snow.ratio + (Psol - Melt) / snow.Gacc, 1.0)
        snow.ratio[:] = np.where(grows, grown, _cover(snow.G, snow.Gloc))
        snow.Gloc[:] = np.where(grows & (snow.ratio == 1.0), snow.Gthr, snow.Gloc)
    return Melt


def _cover(G: Array, full: Array) -> Array:
    """Return the covered share of each layer: G/full, at most 1; 0/0 is covered."""
    return np.divide(G, full, out=np.ones_like(G), where=G < full)
