"""HBV-Light with zones in Numba: the same text as ``rust_pyo3``, IEEE rules (divisions unchecked)."""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv.compiled import (
    evapotranspiration,
    infiltration,
    response,
    routed,
    snow_routine,
)
from paceline_models.hydrology.hbv_light_zones._model import simulate


def run(precip: Array, temp: Array, pet: Array, params: Array, zones: Array) -> Array:
    """Return the fields (N, 20 + 11 Z) from the default start."""
    return run_states(precip, temp, pet, params, zones)[0]


def run_states(
    precip: Array, temp: Array, pet: Array, params: Array, zones: Array, initial: Array | None = None
) -> tuple[Array, Array]:
    """Return the fields (N, 20 + 11 Z) and the final state (3 Z + 2 + ceil(MAXBAS) - 1,)."""
    return simulate(_kernel, precip, temp, pet, params, zones, initial)


@njit(cache=True, error_model="numpy")
def _kernel(
    precip: Array,
    temp: Array,
    pet: Array,
    params: Array,
    zone_forcing: Array,
    weights: Array,
    stores: Array,
    generated: Array,
    fields: Array,
) -> None:
    tt, cfmax, sfcf, cfr, cwh = params[0], params[1], params[2], params[3], params[4]
    fc, lp, beta = params[5], params[6], params[7]
    perc, uzl, k0, k1, k2 = params[8], params[9], params[10], params[11], params[12]
    limit = lp * fc
    count = zone_forcing.shape[0]
    snow_pack, liquid_water = stores[:count], stores[count : 2 * count]
    soil_moisture, ground = stores[2 * count : 3 * count], stores[3 * count :]
    uz, lz = ground[0], ground[1]
    steps = len(precip)
    for t in range(steps):
        p, temperature, e = precip[t], temp[t], pet[t]
        row = fields[t]
        row[0] = p
        row[1] = temperature
        row[2] = e

        mean_rain = mean_snowfall = mean_sp = mean_melt = mean_lw = mean_input = 0.0
        mean_sm = mean_recharge = mean_aet = 0.0
        for k in range(count):
            zone_p = p * zone_forcing[k, 0]
            zone_temp = temperature - zone_forcing[k, 1]
            share = zone_forcing[k, 2]
            sp, lw, before = snow_pack[k], liquid_water[k], soil_moisture[k]

            wet0 = sp + lw > 0.0
            rain, snowfall, sp, melt, lw, soil_input = snow_routine(
                sp, lw, zone_p, zone_temp, tt, cfmax, sfcf, cfr, cwh
            )
            sm, recharge = infiltration(before, soil_input, fc, beta)
            aet = 0.0 if wet0 else evapotranspiration(before, sm, e, limit)
            sm -= aet

            snow_pack[k] = sp
            liquid_water[k] = lw
            soil_moisture[k] = sm
            zone = row[20 + 11 * k :]
            zone[0] = zone_temp
            zone[1] = zone_p
            zone[2] = rain
            zone[3] = snowfall
            zone[4] = sp
            zone[5] = melt
            zone[6] = lw
            zone[7] = soil_input
            zone[8] = sm
            zone[9] = recharge
            zone[10] = aet

            mean_rain += share * rain
            mean_snowfall += share * snowfall
            mean_sp += share * sp
            mean_melt += share * melt
            mean_lw += share * lw
            mean_input += share * soil_input
            mean_sm += share * sm
            mean_recharge += share * recharge
            mean_aet += share * aet

        uz, lz, q0, q1, q2, percolation = response(uz, lz, mean_recharge, perc, uzl, k0, k1, k2)
        q = q0 + q1 + q2
        newest = steps - 1 - t
        generated[newest] = q

        row[3] = mean_rain
        row[4] = mean_snowfall
        row[5] = mean_sp
        row[6] = mean_melt
        row[7] = mean_lw
        row[8] = mean_input
        row[9] = mean_sm
        row[10] = mean_recharge
        row[11] = mean_aet
        row[12] = uz
        row[13] = lz
        row[14] = q0
        row[15] = q1
        row[16] = q2
        row[17] = percolation
        row[18] = q
        row[19] = routed(generated, newest, weights)
    ground[0] = uz
    ground[1] = lz
