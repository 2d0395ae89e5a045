//! GR2M with less work a month: the same text as `numba_tuned`. IEEE rules.
//!
//! Against `gr2m`: the reciprocal of X1 once a run; both tanh as quotients that are folded into the divisions
//! after them, and the two levels of the store as quotients of the same start, so that one division follows
//! another no more; the cube root from a table.

use super::tables::{ROOT_SCALE, Tables, tanh_quotient};
use crate::views::{Read, Write, rows_mut, vector, vector_mut};
use pyo3::prelude::*;

/// Run the model: the state [S, R] and the fields are filled.
pub fn kernel(
    precip: &[f64],
    pet: &[f64],
    params: &[f64; 2],
    state: &mut [f64; 2],
    fields: &mut [[f64; 11]],
) {
    let tables = Tables::get();
    let [x1, x2] = *params;
    let per_x1 = 1.0 / x1;
    let [mut s, mut r] = *state;
    for ((&p, &e), row) in precip.iter().zip(pet).zip(fields) {
        let (nf, df) = tanh_quotient(p * per_x1);
        let (ng, dg) = tanh_quotient(e * per_x1);
        let (filled, full) = (s * df + x1 * nf, df + (nf * per_x1) * s);
        let s2 = filled * (dg - ng) / ((dg + ng) * full - (ng * per_x1) * filled);
        let s1 = filled / full;
        let p1 = p + s - s1;
        let ps = p - p1;
        let ae = s1 - s2;

        s = s2 * tables.cube_root_share(s2 * (per_x1 * ROOT_SCALE));
        let p2 = s2 - s;
        let p3 = p1 + p2;

        let r1 = r + p3;
        let r2 = x2 * r1;
        let exchange = r2 - r1;
        let q = r2 * r2 / (r2 + 60.0);
        r = r2 - q;

        *row = [e, p, s, p1, ps, ae, p2, p3, r, exchange, q];
    }
    *state = [s, r];
}

/// `gr2m_tuned(precip, pet, params, state, fields)`: fills `state` (2,) and `fields` (N, 11).
#[pyfunction]
pub fn gr2m_tuned(
    precip: Read<'_>,
    pet: Read<'_>,
    params: Read<'_>,
    mut state: Write<'_>,
    mut fields: Write<'_>,
) -> PyResult<()> {
    kernel(
        precip.as_slice()?,
        pet.as_slice()?,
        vector(&params)?,
        vector_mut(&mut state)?,
        rows_mut(&mut fields)?,
    );
    Ok(())
}
