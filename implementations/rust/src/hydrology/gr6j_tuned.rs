//! GR6J with less work a day: the same text as `numba_tuned`. IEEE rules; no fused or reordered sums.
//!
//! Against `gr6j`: reciprocals of the parameters once a run; tanh as a quotient that is folded into the
//! division after it; the quarter roots and the softplus from tables; one path for dry and wet days.

use super::airgr::EXPONENTIAL_SHARE;
use super::gr6j::Stores;
use super::tables::{ROOT_SCALE, SOFTPLUS_SCALE, Tables, tanh_quotient};
use super::unit_hydrographs::UnitHydrographs;
use crate::views::{Read, Write, rows_mut, vector, vector_mut};
use pyo3::prelude::*;

/// What is known before the first day.
pub struct Constants {
    x1: f64,
    x2: f64,
    x5: f64,
    x6: f64,
    per_x1: f64,
    per_x3: f64,
    per_x6: f64,
    uh: UnitHydrographs,
    tables: Tables,
}

impl Constants {
    /// Of the six parameters.
    pub fn new(params: &[f64; 6]) -> Self {
        let [x1, x2, x3, x4, x5, x6] = *params;
        Self {
            x1,
            x2,
            x5,
            x6,
            per_x1: 1.0 / x1,
            per_x3: 1.0 / x3,
            per_x6: 1.0 / x6,
            uh: UnitHydrographs::new(x4),
            tables: Tables::get(),
        }
    }
}

/// X6 ln(1 + exp(X/X6)), with airGR's asymptotes beyond 7.
#[inline(always)]
fn exponential_outflow(x: f64, x6: f64, per_x6: f64, tables: Tables) -> f64 {
    if let Some(softplus) = tables.softplus(x * (per_x6 * SOFTPLUS_SCALE)) {
        return x6 * softplus;
    }
    let a = x * per_x6;
    if a > 0.0 {
        x + x6 * (-if a > 33.0 { 33.0 } else { a }).exp()
    } else {
        x6 * if a < -33.0 { -33.0 } else { a }.exp()
    }
}

/// Step one day; returns the row of 20 fields.
#[inline(always)]
pub fn day(p: f64, e: f64, constants: &Constants, stores: &mut Stores) -> [f64; 20] {
    let Constants { x1, x2, x5, x6, per_x1, per_x3, per_x6, ref uh, tables } = *constants;
    let Stores { s, r, x, u1, u2 } = stores;

    let dry = p <= e;
    let net = p - e;
    let (numerator, denominator) = tanh_quotient(if dry { -net } else { net } * per_x1);
    let filling = *s * per_x1;
    let factor = if dry { *s * (2.0 - filling) } else { x1 * (1.0 - filling * filling) };
    let weight = if dry { 1.0 - filling } else { filling };
    let moved = factor * numerator / (denominator + weight * numerator);
    let filled = if dry { *s - moved } else { *s + moved };
    let filled = if filled < 0.0 { 0.0 } else { filled };
    let ae = if dry { p + moved } else { e };
    let pn = if dry { 0.0 } else { net };
    let ps = if dry { 0.0 } else { moved };

    let perc = filled * tables.quarter_root_loss(filled * (per_x1 * (4.0 / 9.0 * ROOT_SCALE)));
    *s = filled - perc;
    let pr = pn - ps + perc;

    let (q9, q1) = uh.route(u1, u2, pr);

    let ex = x2 * (*r * per_x3 - x5);

    let inflow = (1.0 - EXPONENTIAL_SHARE) * q9;
    let level = *r + inflow + ex;
    let aexch1 = if level < 0.0 { -*r - inflow } else { ex };
    let level = if level < 0.0 { 0.0 } else { level };
    let qr = level * tables.quarter_root_loss(level * (per_x3 * ROOT_SCALE));
    *r = level - qr;

    *x = *x + EXPONENTIAL_SHARE * q9 + ex;
    let qrexp = exponential_outflow(*x, x6, per_x6, tables);
    *x -= qrexp;

    let direct = q1 + ex;
    let aexch2 = if direct < 0.0 { -q1 } else { ex };
    let qd = if direct < 0.0 { 0.0 } else { direct };
    let total = qr + qd + qrexp;
    let q = if total < 0.0 { 0.0 } else { total };

    let aexch = aexch1 + aexch2 + ex;
    [e, p, *s, pn, ps, ae, perc, pr, q9, q1, *r, ex, aexch1, aexch2, aexch, qr, qrexp, *x, qd, q]
}

/// Run the model: the state (63) and the fields are filled.
pub fn kernel(
    precip: &[f64],
    pet: &[f64],
    params: &[f64; 6],
    state: &mut [f64; 63],
    fields: &mut [[f64; 20]],
) {
    let constants = Constants::new(params);
    let mut stores = Stores::new(state);
    for ((&p, &e), row) in precip.iter().zip(pet).zip(fields) {
        *row = day(p, e, &constants, &mut stores);
    }
    stores.store(state);
}

/// `gr6j_tuned(precip, pet, params, state, fields)`: fills `state` (63,) and `fields` (N, 20).
#[pyfunction]
pub fn gr6j_tuned(
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
