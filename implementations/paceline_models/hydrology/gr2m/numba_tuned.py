"""GR2M in Numba with less work a month: the same text as ``rust_tuned``. IEEE rules.

Against ``numba_jit``: the reciprocal of X1 once a run; both tanh as quotients that are folded into the
divisions after them, and the two levels of the store as quotients of the same start, so that one division
follows another no more; the cube root from a table.
"""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology._tables import ROOT_SCALE, cube_root_share, tanh_quotient
from paceline_models.hydrology.gr2m._model import simulate


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 11) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 11) and the final state (2,)."""
    return simulate(_kernel, precip, pet, params, initial)


@njit(cache=True, error_model="numpy")
def _kernel(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None:
    x1, x2 = params[0], params[1]
    per_x1 = 1.0 / x1
    s, r = state[0], state[1]
    for t in range(precip.shape[0]):
        p, e = precip[t], pet[t]

        nf, df = tanh_quotient(p * per_x1)
        ng, dg = tanh_quotient(e * per_x1)
        filled, full = s * df + x1 * nf, df + (nf * per_x1) * s
        s2 = filled * (dg - ng) / ((dg + ng) * full - (ng * per_x1) * filled)
        s1 = filled / full
        p1 = p + s - s1
        ps = p - p1
        ae = s1 - s2

        s = s2 * cube_root_share(s2 * (per_x1 * ROOT_SCALE))
        p2 = s2 - s
        p3 = p1 + p2

        r1 = r + p3
        r2 = x2 * r1
        exchange = r2 - r1
        q = r2 * r2 / (r2 + 60.0)
        r = r2 - q

        row = fields[t]
        row[0] = e
        row[1] = p
        row[2] = s
        row[3] = p1
        row[4] = ps
        row[5] = ae
        row[6] = p2
        row[7] = p3
        row[8] = r
        row[9] = exchange
        row[10] = q
    state[0] = s
    state[1] = r
