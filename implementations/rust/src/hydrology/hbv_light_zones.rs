//! HBV-Light with zones: the same text as `numba_jit`. Equations and source:
//! `paceline_models/hydrology/hbv_light_zones`.

use super::hbv::{Parameters, evapotranspiration, infiltration, response, routed, snow_routine};
use crate::views::{Read, Write, vector};
use pyo3::prelude::*;

/// Number of fields before those of the zones.
const LUMPED: usize = 20;
/// Number of fields of a zone.
const ZONE: usize = 11;

/// The series that drive the model, all of N steps.
pub struct Forcing<'a> {
    /// Precipitation, mm/d.
    pub precip: &'a [f64],
    /// Temperature, degC.
    pub temp: &'a [f64],
    /// Potential evapotranspiration, mm/d.
    pub pet: &'a [f64],
}

/// Run the model: the stores [SP(Z), LW(Z), SM(Z), UZ, LZ], the generated discharges (newest first, the last
/// ones known) and the fields are filled. A zone is told by the factor on precipitation, the drop of
/// temperature and the area share.
pub fn kernel(
    forcing: &Forcing<'_>,
    params: &[f64; 14],
    zones: &[[f64; 3]],
    weights: &[f64],
    stores: &mut [f64],
    generated: &mut [f64],
    fields: &mut [f64],
) {
    let with = Parameters::new(params);
    let count = zones.len();
    let (snow_pack, rest) = stores.split_at_mut(count);
    let (liquid_water, rest) = rest.split_at_mut(count);
    let (soil_moisture, ground) = rest.split_at_mut(count);
    let [mut uz, mut lz] = [ground[0], ground[1]];
    let mut newest = forcing.precip.len();
    let series = forcing.precip.iter().zip(forcing.temp).zip(forcing.pet);
    for (((&p, &temp), &e), row) in series.zip(fields.chunks_exact_mut(LUMPED + ZONE * count)) {
        let (lumped, zone_fields) = row.split_at_mut(LUMPED);
        let mut mean = [0.0; 9];
        let stores = snow_pack.iter_mut().zip(liquid_water.iter_mut()).zip(soil_moisture.iter_mut());
        let with_fields = stores.zip(zone_fields.as_chunks_mut::<ZONE>().0);
        for (&[factor, drop, share], (((sp, lw), sm), zone)) in zones.iter().zip(with_fields) {
            let zone_p = p * factor;
            let zone_temp = temp - drop;
            let before = *sm;

            let wet0 = *sp + *lw > 0.0;
            let (rain, snowfall, melt, soil_input, recharge);
            [rain, snowfall, *sp, melt, *lw, soil_input] = snow_routine(&with, *sp, *lw, zone_p, zone_temp);
            [*sm, recharge] = infiltration(&with, before, soil_input);
            let aet = if wet0 { 0.0 } else { evapotranspiration(&with, before, *sm, e) };
            *sm -= aet;

            let of_zone = [rain, snowfall, *sp, melt, *lw, soil_input, *sm, recharge, aet];
            zone[0] = zone_temp;
            zone[1] = zone_p;
            zone[2..].copy_from_slice(&of_zone);
            for (sum, value) in mean.iter_mut().zip(of_zone) {
                *sum += share * value;
            }
        }

        let (q0, q1, q2, perc);
        [uz, lz, q0, q1, q2, perc] = response(&with, uz, lz, mean[7]);
        let q = q0 + q1 + q2;
        newest -= 1;
        generated[newest] = q;
        let streamflow = routed(&generated[newest..], weights);

        lumped[..3].copy_from_slice(&[p, temp, e]);
        lumped[3..12].copy_from_slice(&mean);
        lumped[12..].copy_from_slice(&[uz, lz, q0, q1, q2, perc, q, streamflow]);
    }
    ground.copy_from_slice(&[uz, lz]);
}

/// `hbv_light_zones(precip, temp, pet, params, zone_forcing, weights, stores, generated, fields)`: fills
/// `stores` (3 Z + 2,), `generated` (N + W - 1,) and `fields` (N, 20 + 11 Z).
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn hbv_light_zones(
    precip: Read<'_>,
    temp: Read<'_>,
    pet: Read<'_>,
    params: Read<'_>,
    zone_forcing: Read<'_>,
    weights: Read<'_>,
    mut stores: Write<'_>,
    mut generated: Write<'_>,
    mut fields: Write<'_>,
) -> PyResult<()> {
    let params: &[f64; 16] = vector(&params)?;
    let forcing = Forcing { precip: precip.as_slice()?, temp: temp.as_slice()?, pet: pet.as_slice()? };
    kernel(
        &forcing,
        params.first_chunk().expect("16 values begin with 14"),
        zone_forcing.as_slice()?.as_chunks().0,
        weights.as_slice()?,
        stores.as_slice_mut()?,
        generated.as_slice_mut()?,
        fields.as_slice_mut()?,
    );
    Ok(())
}
