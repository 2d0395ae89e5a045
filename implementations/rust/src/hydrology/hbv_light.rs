//! HBV-Light, daily: the same text as `numba_jit`. Equations and source: `paceline_models/hydrology/hbv_light`.

use super::hbv::{Parameters, evapotranspiration, infiltration, response, routed, snow_routine};
use super::one_zone::bind;

/// The stores SP, LW, SM, UZ, LZ after a day, and its fields, all but the streamflow.
#[inline(always)]
pub fn day(with: &Parameters, stores: [f64; 5], p: f64, temp: f64, e: f64) -> ([f64; 5], [f64; 19]) {
    let [sp, lw, before, uz, lz] = stores;
    let wet0 = sp + lw > 0.0;
    let [rain, snowfall, sp, melt, lw, soil_input] = snow_routine(with, sp, lw, p, temp);

    let [sm, recharge] = infiltration(with, before, soil_input);
    let aet = if wet0 { 0.0 } else { evapotranspiration(with, before, sm, e) };
    let sm = sm - aet;

    let [uz, lz, q0, q1, q2, perc] = response(with, uz, lz, recharge);
    let q = q0 + q1 + q2;
    let above_ground = [p, temp, e, rain, snowfall, sp, melt, lw, soil_input, sm, recharge, aet];
    let ground = [uz, lz, q0, q1, q2, perc, q];
    ([sp, lw, sm, uz, lz], concat(above_ground, ground))
}

/// Run the model: the stores [SP, LW, SM, UZ, LZ], the generated discharges (newest first, the last ones
/// known) and the fields are filled.
#[allow(clippy::too_many_arguments)] // the contract of every kernel for one zone
pub fn kernel(
    precip: &[f64],
    temp: &[f64],
    pet: &[f64],
    params: &[f64; 14],
    weights: &[f64],
    stores: &mut [f64; 5],
    generated: &mut [f64],
    fields: &mut [[f64; 20]],
) {
    let with = Parameters::new(params);
    let mut state = *stores;
    let mut newest = precip.len();
    for (((&p, &temp), &e), row) in precip.iter().zip(temp).zip(pet).zip(fields) {
        let of_day;
        (state, of_day) = day(&with, state, p, temp, e);
        newest -= 1;
        generated[newest] = of_day[18];
        *row = concat(of_day, [routed(&generated[newest..], weights)]);
    }
    *stores = state;
}

/// One array after the other.
#[inline(always)]
pub fn concat<const A: usize, const B: usize, const C: usize>(first: [f64; A], then: [f64; B]) -> [f64; C] {
    const { assert!(A + B == C) };
    let mut both = [0.0; C];
    both[..A].copy_from_slice(&first);
    both[A..].copy_from_slice(&then);
    both
}

bind!(hbv_light, kernel, ());
