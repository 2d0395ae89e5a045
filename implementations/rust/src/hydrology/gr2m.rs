//! GR2M, monthly: the same text as `numba_jit`. Equations and source: `paceline_models/hydrology/gr2m`.

use super::airgr::{PERCOLATION_EXPONENT, tanh_capped};
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
    let [x1, x2] = *params;
    let [mut s, mut r] = *state;
    for ((&p, &e), row) in precip.iter().zip(pet).zip(fields) {
        let f = tanh_capped(p / x1);
        let g = tanh_capped(e / x1);
        let s1 = (s + x1 * f) / (1.0 + f * (s / x1));
        let p1 = p + s - s1;
        let ps = p - p1;

        let s2 = s1 * (1.0 - g) / (1.0 + (1.0 - s1 / x1) * g);
        let ae = s1 - s2;

        let filling = s2 / x1;
        s = s2 / (1.0 + filling * filling * filling).powf(PERCOLATION_EXPONENT);
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

/// `gr2m(precip, pet, params, state, fields)`: fills `state` (2,) and `fields` (N, 11).
#[pyfunction]
pub fn gr2m(
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
