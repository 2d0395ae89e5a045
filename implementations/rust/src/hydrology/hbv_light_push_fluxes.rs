//! HBV-Light with a growing vector for each field: `hbv_light`, but a day's fields are pushed onto twenty
//! vectors (of sufficient capacity), which are gathered into rows at the end. An ablation: how much this one
//! habit costs. For long series it hangs on the allocator: vectors that it takes from the system anew at every
//! call cost a page fault per 4 KiB, far more than the pushes.

use super::hbv::{Parameters, routed};
use super::hbv_light::{concat, day};
use super::one_zone::bind;

/// Twenty vectors with one name each: room for all days, a push for each field, and the rows of the answer.
macro_rules! fluxes {
    ($($field:ident),*) => {
        struct Fluxes {
            $($field: Vec<f64>,)*
        }

        impl Fluxes {
            fn with_capacity(days: usize) -> Self {
                Self { $($field: Vec::with_capacity(days),)* }
            }

            #[inline(always)]
            fn push(&mut self, [$($field),*]: [f64; 20]) {
                $(self.$field.push($field);)*
            }

            fn gather(&self, rows: &mut [[f64; 20]]) {
                $(let $field = &self.$field[..rows.len()];)*
                for (t, row) in rows.iter_mut().enumerate() {
                    *row = [$($field[t]),*];
                }
            }
        }
    };
}

fluxes!(
    precip,
    temp,
    pet,
    rain,
    snowfall,
    snow_pack,
    melt,
    liquid_water,
    soil_input,
    soil_moisture,
    recharge,
    actual_et,
    upper_zone,
    lower_zone,
    q0,
    q1,
    q2,
    percolation,
    q_generated,
    streamflow
);

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
    let mut state = *stores;
    let mut newest = precip.len();
    let mut fluxes = Fluxes::with_capacity(precip.len());
    for ((&p, &temp), &e) in precip.iter().zip(temp).zip(pet) {
        let of_day;
        (state, of_day) = day(&with, state, p, temp, e);
        newest -= 1;
        generated[newest] = of_day[18];
        fluxes.push(concat(of_day, [routed(&generated[newest..], weights)]));
    }
    fluxes.gather(fields);
    *stores = state;
}

bind!(hbv_light_push_fluxes, kernel, ());
