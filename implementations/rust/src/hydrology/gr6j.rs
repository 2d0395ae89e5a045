//! GR6J, daily: the same text as `numba_jit`. Equations and source: `paceline_models/hydrology/gr6j`.

use super::airgr::{EXPONENTIAL_SHARE, PERCOLATION_CONSTANT, fourth_power, quarter_root_loss, tanh_capped};
use super::unit_hydrographs::{LENGTH_1, LENGTH_2, UnitHydrographs};
use crate::views::{Read, Write, rows_mut, vector, vector_mut};
use pyo3::prelude::*;

/// The states while the model runs.
pub struct Stores {
    /// Production store [mm].
    pub s: f64,
    /// Routing store [mm].
    pub r: f64,
    /// Exponential store [mm].
    pub x: f64,
    /// First unit hydrograph [mm].
    pub u1: [f64; LENGTH_1],
    /// Second unit hydrograph [mm].
    pub u2: [f64; LENGTH_2],
}

impl Stores {
    /// Take the state vector apart: S, R, X, U1 (20), U2 (40).
    pub fn new(state: &[f64; 63]) -> Self {
        Self {
            s: state[0],
            r: state[1],
            x: state[2],
            u1: std::array::from_fn(|k| state[3 + k]),
            u2: std::array::from_fn(|k| state[23 + k]),
        }
    }

    /// Put the state vector together again.
    pub fn store(&self, state: &mut [f64; 63]) {
        state[..3].copy_from_slice(&[self.s, self.r, self.x]);
        state[3..23].copy_from_slice(&self.u1);
        state[23..].copy_from_slice(&self.u2);
    }
}

/// Step one day; returns the row of 20 fields.
#[inline(always)]
pub fn day(p: f64, e: f64, params: &[f64; 6], uh: &UnitHydrographs, stores: &mut Stores) -> [f64; 20] {
    let [x1, x2, x3, _, x5, x6] = *params;
    let Stores { s, r, x, u1, u2 } = stores;

    let filling = *s / x1;
    let (pn, ps, ae, mut pr);
    if p <= e {
        let f = tanh_capped((e - p) / x1);
        let er = *s * (2.0 - filling) * f / (1.0 + (1.0 - filling) * f);
        ae = p + er;
        *s -= er;
        pn = 0.0;
        ps = 0.0;
        pr = 0.0;
    } else {
        pn = p - e;
        let f = tanh_capped(pn / x1);
        ps = x1 * (1.0 - filling * filling) * f / (1.0 + filling * f);
        ae = e;
        *s += ps;
        pr = pn - ps;
    }
    if *s < 0.0 {
        *s = 0.0;
    }
    let perc = *s * quarter_root_loss(fourth_power(*s / x1) / PERCOLATION_CONSTANT);
    *s -= perc;
    pr += perc;

    let (q9, q1) = uh.route(u1, u2, pr);

    let ex = x2 * (*r / x3 - x5);

    let inflow = (1.0 - EXPONENTIAL_SHARE) * q9;
    let mut filled = *r + inflow + ex;
    let mut aexch1 = ex;
    if filled < 0.0 {
        aexch1 = -*r - inflow;
        filled = 0.0;
    }
    let qr = filled * quarter_root_loss(fourth_power(filled / x3));
    *r = filled - qr;

    *x = *x + EXPONENTIAL_SHARE * q9 + ex;
    let a = (*x / x6).clamp(-33.0, 33.0);
    let qrexp = if a > 7.0 {
        *x + x6 / a.exp()
    } else if a < -7.0 {
        x6 * a.exp()
    } else {
        x6 * (a.exp() + 1.0).ln()
    };
    *x -= qrexp;

    let mut aexch2 = ex;
    let mut qd = q1 + ex;
    if qd < 0.0 {
        aexch2 = -q1;
        qd = 0.0;
    }
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
    let uh = UnitHydrographs::new(params[3]);
    let mut stores = Stores::new(state);
    for ((&p, &e), row) in precip.iter().zip(pet).zip(fields) {
        *row = day(p, e, params, &uh, &mut stores);
    }
    stores.store(state);
}

/// `gr6j(precip, pet, params, state, fields)`: fills `state` (63,) and `fields` (N, 20).
#[pyfunction]
pub fn gr6j(
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
