"""HBV-Light in Numba, doing less work: the power is skipped or cheap, no divisions; as ``rust_tuned``.

A BETA below 1, whose power is infinitely steep at an empty soil, is left to ``numba_jit``: there the last bit
of soil moisture would decide.
"""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology._checks import LARGEST, Array
from paceline_models.hydrology._hbv.compiled import response, routed, snow_routine
from paceline_models.hydrology.hbv_light._model import simulate
from paceline_models.hydrology.hbv_light._power import binomial_series, new_anchors, power
from paceline_models.hydrology.hbv_light.numba_jit import _kernel as plain


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
) -> None:
    tt, cfmax, sfcf, cfr, cwh = params[0], params[1], params[2], params[3], params[4]
    fc, lp, beta = params[5], params[6], params[7]
    perc, uzl, k0, k1, k2 = params[8], params[9], params[10], params[11], params[12]
    sp, lw, sm, uz, lz = stores[0], stores[1], stores[2], stores[3], stores[4]
    if beta < 1.0:
        plain(precip, temp, pet, params, weights, stores, generated, fields)
        return
    per_fc = min(1.0 / fc, LARGEST)  # of a subnormal FC it would be infinite
    per_limit = 0.5 / (lp * fc)
    series, anchors = binomial_series(beta), new_anchors()
    steps = len(precip)
    for t in range(steps):
        p, temperature, e = precip[t], temp[t], pet[t]

        supply = 0.0 if sp + lw > 0.0 else e
        supply_per_limit = supply * per_limit
        rain, snowfall, sp, melt, lw, soil_input = snow_routine(
            sp, lw, p, temperature, tt, cfmax, sfcf, cfr, cwh
        )

        before = sm
        recharge = 0.0
        if soil_input > 0.0 or sm > fc:
            recharge = soil_input * power(min(sm * per_fc, 1.0), beta, series, anchors)
            sm = sm + soil_input - recharge
            recharge += max(sm - fc, 0.0)
            sm = min(sm, fc)
        aet = min(sm, supply, (before + sm) * supply_per_limit)
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
