"""HBV-Light in 1 mm steps in Numba: the same text as ``rust_pyo3``, IEEE rules (divisions unchecked)."""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv.compiled import (
    evapotranspiration,
    infiltration_1mm,
    response,
    routed,
    snow_routine,
)
from paceline_models.hydrology.hbv_light_1mm import LARGEST_SOIL_INPUT
from paceline_models.hydrology.hbv_light_1mm._model import SOIL_INPUT, simulate


def run(precip: Array, temp: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 20) from the default start."""
    return run_states(precip, temp, pet, params)[0]


def run_states(
    precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None = None
) -> tuple[Array, Array]:
    """Return the fields (N, 20) and the final state (5 + ceil(MAXBAS) - 1,)."""
    return simulate(_kernel, precip, temp, pet, params, initial)


@njit(cache=True, error_model="numpy")
def _kernel(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> int:
    tt, cfmax, sfcf, cfr, cwh = params[0], params[1], params[2], params[3], params[4]
    fc, lp, beta = params[5], params[6], params[7]
    perc, uzl, k0, k1, k2 = params[8], params[9], params[10], params[11], params[12]
    sp, lw, sm, uz, lz = stores[0], stores[1], stores[2], stores[3], stores[4]
    limit = lp * fc
    steps = len(precip)
    for t in range(steps):
        p, temperature, e = precip[t], temp[t], pet[t]

        wet0 = sp + lw > 0.0
        rain, snowfall, sp, melt, lw, soil_input = snow_routine(
            sp, lw, p, temperature, tt, cfmax, sfcf, cfr, cwh
        )
        if soil_input > LARGEST_SOIL_INPUT:
            fields[t, SOIL_INPUT] = soil_input
            return t

        before = sm
        sm, recharge = infiltration_1mm(sm, soil_input, fc, beta)
        aet = 0.0 if wet0 else evapotranspiration(before, sm, e, limit)
        sm -= aet

        uz, lz, q0, q1, q2, percolation = response(uz, lz, recharge, perc, uzl, k0, k1, k2)
        q = q0 + q1 + q2
        newest = steps - 1 - t
        generated[newest] = q

        row = fields[t]
        row[0] = p
        row[1] = temperature
        row[2] = e
        row[3] = rain
        row[4] = snowfall
        row[5] = sp
        row[6] = melt
        row[7] = lw
        row[8] = soil_input
        row[9] = sm
        row[10] = recharge
        row[11] = aet
        row[12] = uz
        row[13] = lz
        row[14] = q0
        row[15] = q1
        row[16] = q2
        row[17] = percolation
        row[18] = q
        row[19] = routed(generated, newest, weights)
    stores[0] = sp
    stores[1] = lw
    stores[2] = sm
    stores[3] = uz
    stores[4] = lz
    return steps
