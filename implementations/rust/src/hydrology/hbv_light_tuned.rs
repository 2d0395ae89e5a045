//! HBV-Light doing less work than `hbv_light`, with the same answers to 1e-9.
//!
//! The power is left out where no water enters the soil, and is a short polynomial elsewhere; divisions have
//! become multiplications by reciprocals; what does not hang on soil moisture is taken off its chain; the number
//! of routing weights is known to the compiler. A BETA below 1, whose power is infinitely steep at an empty soil,
//! is left to `hbv_light`: there the last bit of soil moisture would decide.

use super::hbv::{Parameters, greater, lesser, response, routed, snow_routine};
use super::hbv_light;
use super::one_zone::bind;
use super::power::Power;

/// As `hbv_light::kernel`.
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
    if with.beta < 1.0 {
        return hbv_light::kernel(precip, temp, pet, params, weights, stores, generated, fields);
    }
    let run = match weights.len() {
        1 => days::<1>,
        2 => days::<2>,
        3 => days::<3>,
        4 => days::<4>,
        5 => days::<5>,
        6 => days::<6>,
        7 => days::<7>,
        _ => days::<0>,
    };
    run(precip, temp, pet, &with, weights, stores, generated, fields)
}

#[allow(clippy::too_many_arguments)]
fn days<const W: usize>(
    precip: &[f64],
    temp: &[f64],
    pet: &[f64],
    with: &Parameters,
    weights: &[f64],
    stores: &mut [f64; 5],
    generated: &mut [f64],
    fields: &mut [[f64; 20]],
) {
    let with = *with;
    let mut power = Power::new(with.beta);
    let per_fc = lesser(1.0 / with.fc, f64::MAX); // of a subnormal FC it would be infinite
    let per_limit = 0.5 / with.limit;
    let [mut sp, mut lw, mut sm, mut uz, mut lz] = *stores;
    let mut newest = precip.len();
    for (((&p, &temp), &pet), row) in precip.iter().zip(temp).zip(pet).zip(fields) {
        let e = if sp + lw > 0.0 { 0.0 } else { pet };
        let e_per_limit = e * per_limit;
        let (rain, snowfall, melt, soil_input);
        [rain, snowfall, sp, melt, lw, soil_input] = snow_routine(&with, sp, lw, p, temp);

        let before = sm;
        let mut recharge = 0.0;
        if soil_input > 0.0 || sm > with.fc {
            recharge = soil_input * power.of(lesser(sm * per_fc, 1.0));
            sm = sm + soil_input - recharge;
            recharge += greater(sm - with.fc, 0.0);
            sm = lesser(sm, with.fc);
        }
        let aet = lesser(lesser(sm, e), (before + sm) * e_per_limit);
        sm -= aet;

        let (q0, q1, q2, perc);
        [uz, lz, q0, q1, q2, perc] = response(&with, uz, lz, recharge);
        let q = q0 + q1 + q2;
        newest -= 1;
        generated[newest] = q;
        let streamflow = match (generated[newest..].first_chunk::<W>(), weights.first_chunk::<W>()) {
            (Some(past), Some(weights)) if W > 0 => routed(past, weights),
            _ => routed(&generated[newest..], weights),
        };

        *row = [
            p, temp, pet, rain, snowfall, sp, melt, lw, soil_input, sm, recharge, aet, uz, lz, q0, q1, q2,
            perc, q, streamflow,
        ];
    }
    *stores = [sp, lw, sm, uz, lz];
}

bind!(hbv_light_tuned, kernel, ());
