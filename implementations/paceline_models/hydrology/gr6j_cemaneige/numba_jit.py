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
    p: float, temp: float, solid: float, g: float, etg: float, gthr: float, gloc: float, ratio: float,
    ctg: float, kf: float, gacc: float, hysteresis: bool,
) -> tuple[float, float, float, float, float, float, float, float]:  # fmt: skip
    """Step one layer one day: return Pliq, Psol, G, eTG, Gloc, the cover, PotMelt and Melt.

    Numbers only: arrays passed on to a function in this loop cost Numba a third of the whole run.
    """
    pliq = (1.0 - solid) * p
    psol = solid * p
    before = g
    g = before + psol

    etg = min(ctg * etg + (1.0 - ctg) * temp, 0.0)
    possible = min(kf * temp, g)
    potmelt = possible if (etg == 0.0) & (temp > 0.0) else 0.0

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
    return pliq, psol, g, etg, gloc, ratio, potmelt, melt


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
    steps, layers = layer_precip.shape
    ctg, kf = params[6], params[7]
    hysteresis = params.shape[0] > 8
    gacc = params[8] if hysteresis else 0.0
    snow = state[63:].reshape((5, layers))

    o1, o2 = ordinates(params[3])
    n1, n2 = shifted(params[3])
    u1, u2 = state[3:23], state[23:63]
    s, r, x = state[0], state[1], state[2]
    ahead = 0.0
    for t in range(steps + 1):
        # The snow goes a day ahead: it needs nothing of GR6J, whose long chain then runs beside it.
        water, ahead = ahead, 0.0
        if t < steps:
            for k in range(layers):
                p, temp, solid = layer_precip[t, k], layer_temp[t, k], layer_solid[t, k]
                etg, gthr, gloc, ratio = snow[1, k], snow[2, k], snow[3, k], snow[4, k]
                pliq, psol, g, etg, gloc, ratio, potmelt, melt = layer_day(
                    p, temp, solid, snow[0, k], etg, gthr, gloc, ratio, ctg, kf, gacc, hysteresis
                )
                snow[0, k] = g
                snow[1, k] = etg
                snow[3, k] = gloc
                snow[4, k] = ratio

                j = 20 + 11 * k
                fields[t, j] = pliq
                fields[t, j + 1] = psol
                fields[t, j + 2] = g
                fields[t, j + 3] = etg
                fields[t, j + 4] = ratio
                fields[t, j + 5] = potmelt
                fields[t, j + 6] = melt
                fields[t, j + 7] = pliq + melt
                fields[t, j + 8] = temp
                fields[t, j + 9] = gthr
                fields[t, j + 10] = gloc if hysteresis else math.nan
                ahead += (pliq + melt) / layers
        if t > 0:
            s, r, x = day(water, pet[t - 1], params, s, r, x, u1, u2, o1, o2, n1, n2, fields[t - 1])
            fields[t - 1, 1] = precip[t - 1]
    state[0] = s
    state[1] = r
    state[2] = x
