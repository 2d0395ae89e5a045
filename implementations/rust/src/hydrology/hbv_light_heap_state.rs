//! HBV-Light with the state of the zone on the heap: `hbv_light`, but every day makes a new state, whose zones
//! are a fresh `Vec`. An ablation: how much this one habit costs.

use super::hbv::{Parameters, routed};
use super::hbv_light::{concat, day};
use super::one_zone::bind;

/// The stores, as a model with any number of zones would keep them.
struct State {
    /// SP, LW and SM of every zone.
    zones: Vec<[f64; 3]>,
    uz: f64,
    lz: f64,
}

/// The state after a day, newly made, and the day's fields, all but the streamflow.
#[inline(always)]
fn step(with: &Parameters, state: &State, p: f64, temp: f64, e: f64) -> (State, [f64; 19]) {
    let [sp, lw, sm] = state.zones[0];
    let ([sp, lw, sm, uz, lz], of_day) = day(with, [sp, lw, sm, state.uz, state.lz], p, temp, e);
    (State { zones: vec![[sp, lw, sm]], uz, lz }, of_day)
}

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
    let [sp, lw, sm, uz, lz] = *stores;
    let mut state = State { zones: vec![[sp, lw, sm]], uz, lz };
    let mut newest = precip.len();
    for (((&p, &temp), &e), row) in precip.iter().zip(temp).zip(pet).zip(fields) {
        let of_day;
        (state, of_day) = step(&with, &state, p, temp, e);
        newest -= 1;
        generated[newest] = of_day[18];
        *row = concat(of_day, [routed(&generated[newest..], weights)]);
    }
    *stores = concat(state.zones[0], [state.uz, state.lz]);
}

bind!(hbv_light_heap_state, kernel, ());
