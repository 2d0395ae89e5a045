"""GR2M as its equations stand: the reference."""

from __future__ import annotations

from paceline_models.hydrology._airgr import AIRGR_PERCOLATION_EXPONENT, tanh_capped
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr2m._model import simulate


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 11) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 11) and the final state (2,)."""
    return simulate(_kernel, precip, pet, params, initial)


def _kernel(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None:
    X1, X2 = params.tolist()
    S, R = state.tolist()
    for t, (p, e) in enumerate(zip(precip.tolist(), pet.tolist(), strict=True)):
        S, P1, Ps, AE, P2 = _production(S, p, e, X1)
        P3 = P1 + P2
        R, AExch, Q = _routing(R, P3, X2)
        fields[t] = e, p, S, P1, Ps, AE, P2, P3, R, AExch, Q
    state[:] = S, R


def _production(S: float, p: float, e: float, X1: float) -> tuple[float, float, float, float, float]:
    f = tanh_capped(p / X1)
    S1 = (S + X1 * f) / (1.0 + f * (S / X1))
    P1 = p + S - S1
    g = tanh_capped(e / X1)
    S2 = S1 * (1.0 - g) / (1.0 + (1.0 - S1 / X1) * g)
    r = S2 / X1
    S = S2 / (1.0 + r * r * r) ** AIRGR_PERCOLATION_EXPONENT
    return S, P1, p - P1, S1 - S2, S2 - S


def _routing(R: float, P3: float, X2: float) -> tuple[float, float, float]:
    R1 = R + P3
    R2 = X2 * R1
    Q = R2 * R2 / (R2 + 60.0)
    return R2 - Q, R2 - R1, Q
