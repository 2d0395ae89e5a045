"""HBV-Light as its equations stand: the reference."""

from __future__ import annotations

from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._hbv.equations import (
    evapotranspiration,
    infiltration,
    response,
    routed,
    snow_routine,
)
from paceline_models.hydrology.hbv_light._model import simulate


def run(precip: Array, temp: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 20) from the default start."""
    return run_states(precip, temp, pet, params)[0]


def run_states(
    precip: Array, temp: Array, pet: Array, params: Array, initial: Array | None = None
) -> tuple[Array, Array]:
    """Return the fields (N, 20) and the final state (5 + ceil(MAXBAS) - 1,)."""
    return simulate(_kernel, precip, temp, pet, params, initial)


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
    TT, CFMAX, SFCF, CFR, CWH, FC, LP, BETA, PERC, UZL, K0, K1, K2, _ = params.tolist()
    SP, LW, SM, UZ, LZ = stores.tolist()
    newest = len(precip)
    for t, (p, T, e) in enumerate(zip(precip.tolist(), temp.tolist(), pet.tolist(), strict=True)):
        wet0 = SP + LW > 0.0
        rain, snowfall, SP, melt, LW, soil_input = snow_routine(SP, LW, p, T, TT, CFMAX, SFCF, CFR, CWH)
        SM_before = SM
        SM, R = infiltration(SM, soil_input, FC, BETA)
        AET = 0.0 if wet0 else evapotranspiration(SM_before, SM, e, LP * FC)
        SM -= AET
        UZ, LZ, Q0, Q1, Q2, percolation = response(UZ, LZ, R, PERC, UZL, K0, K1, K2)
        newest -= 1
        generated[newest] = Qgen = Q0 + Q1 + Q2
        Q = routed(generated, newest, weights)
        fields[t, :12] = p, T, e, rain, snowfall, SP, melt, LW, soil_input, SM, R, AET
        fields[t, 12:] = UZ, LZ, Q0, Q1, Q2, percolation, Qgen, Q
    stores[:] = SP, LW, SM, UZ, LZ
