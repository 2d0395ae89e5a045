"""GR2M in Numba: the same text as ``rust_pyo3``, IEEE rules (divisions unchecked, as in Rust)."""

from __future__ import annotations

from paceline_models._numba import njit
from paceline_models.hydrology import _airgr
from paceline_models.hydrology._checks import Array
from paceline_models.hydrology.gr2m._model import simulate

PERCOLATION_EXPONENT = _airgr.AIRGR_PERCOLATION_EXPONENT
tanh_capped = njit(cache=True, error_model="numpy")(_airgr.tanh_capped)


def run(precip: Array, pet: Array, params: Array) -> Array:
    """Return the fields (N, 11) from the default start."""
    return run_states(precip, pet, params)[0]


def run_states(precip: Array, pet: Array, params: Array, initial: Array | None = None) -> tuple[Array, Array]:
    """Return the fields (N, 11) and the final state (2,)."""
    return simulate(_kernel, precip, pet, params, initial)


@njit(cache=True, error_model="numpy")
def _kernel(precip: Array, pet: Array, params: Array, state: Array, fields: Array) -> None:
    x1, x2 = params[0], params[1]
    s, r = state[0], state[1]
    for t in range(precip.shape[0]):
        p, e = precip[t], pet[t]

        f = tanh_capped(p / x1)
        g = tanh_capped(e / x1)
        s1 = (s + x1 * f) / (1.0 + f * (s / x1))
        p1 = p + s - s1
        ps = p - p1

        s2 = s1 * (1.0 - g) / (1.0 + (1.0 - s1 / x1) * g)
        ae = s1 - s2

        filling = s2 / x1
        s = s2 / (1.0 + filling * filling * filling) ** PERCOLATION_EXPONENT
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
