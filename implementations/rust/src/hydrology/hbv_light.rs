//! HBV-Light, daily: the same text as `numba_jit`. Equations and source: `paceline_models/hydrology/hbv_light`.

use super::hbv::{Parameters, evapotranspiration, infiltration, response, routed, snow_routine};
use crate::arrays::{Read, Write, rows_mut, vector, vector_mut};
use pyo3::prelude::*;

/// Run the model: the stores [SP, LW, SM, UZ, LZ], the generated discharges (newest first, the last ones
/// known) and the fields are filled.
#[allow(clippy::too_many_arguments)] // the contract of all kernels of this model
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
    let [mut sp, mut lw, mut sm, mut uz, mut lz] = *stores;
    let mut newest = precip.len();
    for (((&p, &temp), &e), row) in precip.iter().zip(temp).zip(pet).zip(fields) {
        let wet0 = sp + lw > 0.0;
        let (rain, snowfall, melt, soil_input);
        [rain, snowfall, sp, melt, lw, soil_input] = snow_routine(&with, sp, lw, p, temp);

        let before = sm;
        let recharge;
        [sm, recharge] = infiltration(&with, sm, soil_input);
        let aet = if wet0 { 0.0 } else { evapotranspiration(&with, before, sm, e) };
        sm -= aet;

        let (q0, q1, q2, percolation);
        [uz, lz, q0, q1, q2, percolation] = response(&with, uz, lz, recharge);
        let q = q0 + q1 + q2;
        newest -= 1;
        generated[newest] = q;
        let streamflow = routed(&generated[newest..], weights);

        *row = [
            p, temp, e, rain, snowfall, sp, melt, lw, soil_input, sm, recharge, aet, uz, lz, q0, q1, q2,
            percolation, q, streamflow,
        ];
    }
    *stores = [sp, lw, sm, uz, lz];
}

/// `hbv_light(precip, temp, pet, params, weights, stores, generated, fields)`: fills the last three.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn hbv_light(
    precip: Read<'_>,
    temp: Read<'_>,
    pet: Read<'_>,
    params: Read<'_>,
    weights: Read<'_>,
    mut stores: Write<'_>,
    mut generated: Write<'_>,
    mut fields: Write<'_>,
) -> PyResult<()> {
    kernel(
        precip.as_slice()?,
        temp.as_slice()?,
        pet.as_slice()?,
        vector(&params)?,
        weights.as_slice()?,
        vector_mut(&mut stores)?,
        generated.as_slice_mut()?,
        rows_mut(&mut fields)?,
    );
    Ok(())
}
