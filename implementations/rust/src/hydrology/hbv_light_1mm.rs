//! HBV-Light in 1 mm steps: the same text as `numba_jit`. Equations and source:
//! `paceline_models/hydrology/hbv_light_1mm`.

use super::hbv::{Parameters, evapotranspiration, infiltration_1mm, response, routed, snow_routine};
use super::one_zone::bind;

/// The most that may enter the soil in one day, mm.
const LARGEST_SOIL_INPUT: f64 = 10_000.0;
/// Its place among the fields.
const SOIL_INPUT: usize = 8;

/// Run the model: the stores [SP, LW, SM, UZ, LZ], the generated discharges (newest first, the last ones
/// known) and the fields are filled. Returns the number of steps done: fewer than all where the soil input of
/// the next one, which is then among its fields, is too large.
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
) -> usize {
    let with = Parameters::new(params);
    let [mut sp, mut lw, mut sm, mut uz, mut lz] = *stores;
    let steps = precip.len();
    let mut newest = steps;
    for (((&p, &temp), &e), row) in precip.iter().zip(temp).zip(pet).zip(fields) {
        let wet0 = sp + lw > 0.0;
        let (rain, snowfall, melt, soil_input);
        [rain, snowfall, sp, melt, lw, soil_input] = snow_routine(&with, sp, lw, p, temp);
        if soil_input > LARGEST_SOIL_INPUT {
            row[SOIL_INPUT] = soil_input;
            return steps - newest;
        }
        let before = sm;
        let recharge;
        [sm, recharge] = infiltration_1mm(&with, sm, soil_input);
        let aet = if wet0 { 0.0 } else { evapotranspiration(&with, before, sm, e) };
        sm -= aet;

        let (q0, q1, q2, perc);
        [uz, lz, q0, q1, q2, perc] = response(&with, uz, lz, recharge);
        let q = q0 + q1 + q2;
        newest -= 1;
        generated[newest] = q;
        let streamflow = routed(&generated[newest..], weights);

        *row = [
            p, temp, e, rain, snowfall, sp, melt, lw, soil_input, sm, recharge, aet, uz, lz, q0, q1, q2,
            perc, q, streamflow,
        ];
    }
    *stores = [sp, lw, sm, uz, lz];
    steps
}

bind!(hbv_light_1mm, kernel, usize);
