"""HBV-Light with zones as its equations stand: the reference."""

from __future__ import annotations

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv.equations import (
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
    PERC, UZL, K0, K1, K2 = params[8:13].tolist()
    forcing = zone_forcing.tolist()
    count = len(forcing)
    above_ground = [stores[[k, count + k, 2 * count + k]].tolist() for k in range(count)]
    UZ, LZ = stores[3 * count :].tolist()
    newest = len(precip)
    for t, (p, T, e) in enumerate(zip(precip.tolist(), temp.tolist(), pet.tolist(), strict=True)):
        lumped = [0.0] * 9
        for k, (factor, drop, share) in enumerate(forcing):
            p_k, T_k = p * factor, T - drop
            of_zone = _zone(above_ground[k], p_k, T_k, e, params)
            lumped = [total + share * value for total, value in zip(lumped, of_zone, strict=True)]
            fields[t, 20 + 11 * k : 31 + 11 * k] = T_k, p_k, *of_zone
        UZ, LZ, Q0, Q1, Q2, percolation = response(UZ, LZ, lumped[7], PERC, UZL, K0, K1, K2)
        newest -= 1
        generated[newest] = Qgen = Q0 + Q1 + Q2
        Q = routed(generated, newest, weights)
        fields[t, :20] = p, T, e, *lumped, UZ, LZ, Q0, Q1, Q2, percolation, Qgen, Q
    stores[: 3 * count].reshape(3, count).T[:] = above_ground
    stores[3 * count :] = UZ, LZ


def _zone(zone: list[float], p: float, T: float, e: float, params: Array) -> tuple[float, ...]:
    """Change the zone's SP, LW and SM by one step and return the nine fluxes and stores, rain to AET."""
    TT, CFMAX, SFCF, CFR, CWH, FC, LP, BETA = params[:8].tolist()
    SP, LW, SM_before = zone
    wet0 = SP + LW > 0.0
    rain, snowfall, SP, melt, LW, soil_input = snow_routine(SP, LW, p, T, TT, CFMAX, SFCF, CFR, CWH)
    SM, R = infiltration(SM_before, soil_input, FC, BETA)
    AET = 0.0 if wet0 else evapotranspiration(SM_before, SM, e, LP * FC)
    SM -= AET
    zone[:] = SP, LW, SM
    return rain, snowfall, SP, melt, LW, soil_input, SM, R, AET
