"""GR6J fed by CemaNeige in Numba: the same text as ``rust_pyo3``, IEEE rules."""

from __future__ import annotations

import math

from paceline_models.hydrology import _airgr
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr6j.numba_jit import compiled, day, ordinates, shifted
from paceline_models.hydrology.gr6j_cemaneige._model import simulate

MELT_MINIMUM = _airgr.AIRGR_MELT_MINIMUM


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


@compiled
def layer_day(
    p: float, temp: float, solid: float, snow: Array, k: int, ctg: float, kf: float, gacc: float, row: Array
) -> float:
    """Step one layer one day: ``snow`` (5, L) changes, ``row`` (11,) is filled; return its liquid water."""
    hysteresis = gacc > 0.0
    etg, gthr, gloc, ratio = snow[1, k], snow[2, k], snow[3, k], snow[4, k]
    pliq = (1.0 - solid) * p
    psol = solid * p
    before = snow[0, k]
    g = before + psol

    etg = min(ctg * etg + (1.0 - ctg) * temp, 0.0)
    potmelt = 0.0
    if etg == 0.0 and temp > 0.0:
        potmelt = min(kf * temp, g)

    if not hysteresis:
        ratio = 1.0
        if g < gthr:
            ratio = g / gthr
    elif potmelt > 0.0:
        if g < gloc and ratio == 1.0:
            gloc = g
        ratio = 1.0
        if g < gloc:
            ratio = g / gloc

    melt = ((1.0 - MELT_MINIMUM) * ratio + MELT_MINIMUM) * potmelt
    g -= melt

    if not hysteresis:
        ratio = 1.0
        if g < gthr:
            ratio = g / gthr
    elif g - before > 0.0:
        ratio = min(ratio + (psol - melt) / gacc, 1.0)
        if ratio == 1.0:
            gloc = gthr
    else:
        ratio = 1.0
        if g < gloc:
            ratio = g / gloc

    snow[0, k] = g
    snow[1, k] = etg
    snow[3, k] = gloc
    snow[4, k] = ratio

    row[0] = pliq
    row[1] = psol
    row[2] = g
    row[3] = etg
    row[4] = ratio
    row[5] = potmelt
    row[6] = melt
    row[7] = pliq + melt
    row[8] = temp
    row[9] = gthr
    row[10] = gloc if hysteresis else math.nan
    return pliq + melt


@compiled
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
    layers = layer_precip.shape[1]
    ctg, kf = params[6], params[7]
    gacc = params[8] if params.shape[0] > 8 else 0.0
    snow = state[63:].reshape((5, layers))

    o1, o2 = ordinates(params[3])
    n1, n2 = shifted(params[3])
    u1, u2 = state[3:23], state[23:63]
    s, r, x = state[0], state[1], state[2]
    for t in range(precip.shape[0]):
        row = fields[t]
        p = 0.0
        for k in range(layers):
            by_layer = row[20 + 11 * k : 31 + 11 * k]
            p += (
                layer_day(
                    layer_precip[t, k], layer_temp[t, k], layer_solid[t, k], snow, k, ctg, kf, gacc, by_layer
                )
                / layers
            )
        s, r, x = day(p, pet[t], params, s, r, x, u1, u2, o1, o2, n1, n2, row)
        row[1] = precip[t]
    state[0] = s
    state[1] = r
    state[2] = x
