//! GR6J fed by CemaNeige, daily: the same text as `numba_jit`, with the number of layers known to the compiler.
//! Equations and source: `paceline_models/hydrology/gr6j_cemaneige`.

use super::airgr::MELT_MINIMUM;
use super::gr6j::{Stores, day};
use super::unit_hydrographs::UnitHydrographs;
use crate::arrays::{Read, Write, wrong_width};
use pyo3::prelude::*;

/// Number of fields of GR6J, before those of the layers.
pub const GR6J_FIELDS: usize = 20;
/// Number of fields of a layer.
pub const LAYER_FIELDS: usize = 11;
/// Number of states of GR6J, before those of the layers.
pub const GR6J_STATES: usize = 63;

/// Parameters of the snow model; `gacc` is 0 in the plain one.
#[derive(Clone, Copy)]
pub struct SnowParameters {
    /// Weight of the thermal state.
    pub ctg: f64,
    /// Degree-day factor [mm/degC/d].
    pub kf: f64,
    /// Accumulation to full cover [mm].
    pub gacc: f64,
}

/// The snow of one layer while the model runs.
#[derive(Clone, Copy)]
pub struct Layer {
    /// Snow store [mm].
    pub g: f64,
    /// Thermal state [degC].
    pub etg: f64,
    /// Threshold of full cover [mm].
    pub gthr: f64,
    /// Local maximum of the snow store [mm].
    pub gloc: f64,
    /// Snow cover.
    pub ratio: f64,
}

/// What the days are driven by, all of N steps.
pub struct Forcing<'a> {
    /// Precipitation of the catchment, which is only reported [mm].
    pub precip: &'a [f64],
    /// Potential evapotranspiration [mm].
    pub pet: &'a [f64],
    /// Precipitation by layer (N, L) [mm].
    pub layer_precip: &'a [f64],
    /// Temperature by layer (N, L) [degC].
    pub layer_temp: &'a [f64],
    /// Solid fraction by layer (N, L).
    pub layer_solid: &'a [f64],
}

impl SnowParameters {
    /// Of 8 parameters (plain) or 10 (hysteresis).
    pub fn new(params: &[f64]) -> Self {
        Self { ctg: params[6], kf: params[7], gacc: params.get(8).copied().unwrap_or(0.0) }
    }
}

impl Layer {
    /// Layer `k` of the states G, eTG, Gthr, Gloc and cover of all layers.
    pub fn new(snow: &[f64], k: usize) -> Self {
        let layers = snow.len() / 5;
        let at = |row: usize| snow[row * layers + k];
        Self { g: at(0), etg: at(1), gthr: at(2), gloc: at(3), ratio: at(4) }
    }

    /// Put layer `k` back among the states.
    pub fn store(&self, snow: &mut [f64], k: usize) {
        let layers = snow.len() / 5;
        for (row, value) in [self.g, self.etg, self.gthr, self.gloc, self.ratio].into_iter().enumerate() {
            snow[row * layers + k] = value;
        }
    }
}

/// Step one layer one day; returns its 11 fields.
#[inline(always)]
pub fn layer_day(
    p: f64,
    temp: f64,
    solid: f64,
    layer: &mut Layer,
    snow: SnowParameters,
) -> [f64; LAYER_FIELDS] {
    let SnowParameters { ctg, kf, gacc } = snow;
    let Layer { g, etg, gthr, gloc, ratio } = layer;
    let hysteresis = gacc > 0.0;
    let pliq = (1.0 - solid) * p;
    let psol = solid * p;
    let before = *g;
    *g = before + psol;

    let thermal = ctg * *etg + (1.0 - ctg) * temp;
    *etg = if thermal > 0.0 { 0.0 } else { thermal };
    let mut potmelt = 0.0;
    if *etg == 0.0 && temp > 0.0 {
        potmelt = kf * temp;
        if potmelt > *g {
            potmelt = *g;
        }
    }

    if !hysteresis {
        *ratio = 1.0;
        if *g < *gthr {
            *ratio = *g / *gthr;
        }
    } else if potmelt > 0.0 {
        if *g < *gloc && *ratio == 1.0 {
            *gloc = *g;
        }
        *ratio = 1.0;
        if *g < *gloc {
            *ratio = *g / *gloc;
        }
    }

    let melt = ((1.0 - MELT_MINIMUM) * *ratio + MELT_MINIMUM) * potmelt;
    *g -= melt;

    if !hysteresis {
        *ratio = 1.0;
        if *g < *gthr {
            *ratio = *g / *gthr;
        }
    } else if *g - before > 0.0 {
        let grown = *ratio + (psol - melt) / gacc;
        *ratio = if grown > 1.0 { 1.0 } else { grown };
        if *ratio == 1.0 {
            *gloc = *gthr;
        }
    } else {
        *ratio = 1.0;
        if *g < *gloc {
            *ratio = *g / *gloc;
        }
    }

    let local = if hysteresis { *gloc } else { f64::NAN };
    [pliq, psol, *g, *etg, *ratio, potmelt, melt, pliq + melt, temp, *gthr, local]
}

/// Run the model for `L` layers: the state (63 + 5 L) and the fields (N, 20 + 11 L) are filled.
fn kernel<const L: usize>(forcing: &Forcing, params: &[f64], state: &mut [f64], fields: &mut [f64]) {
    let snow = SnowParameters::new(params);
    let (stores_state, snow_state) = state.split_first_chunk_mut().expect("checked by the binding");
    let gr6j: &[f64; 6] = params.first_chunk().expect("checked by the binding");
    let uh = UnitHydrographs::new(gr6j[3]);
    let mut stores = Stores::new(stores_state);
    let mut layers: [Layer; L] = std::array::from_fn(|k| Layer::new(snow_state, k));
    let days = forcing.precip.iter().zip(forcing.pet);
    let by_layer = forcing.layer_precip.as_chunks::<L>().0.iter();
    let by_layer = by_layer.zip(forcing.layer_temp.as_chunks::<L>().0);
    let by_layer = by_layer.zip(forcing.layer_solid.as_chunks::<L>().0);
    let rows = fields.chunks_exact_mut(GR6J_FIELDS + LAYER_FIELDS * L);
    for (((&precip, &pet), ((p, temp), solid)), row) in days.zip(by_layer).zip(rows) {
        let (catchment, snow_row) = row.split_first_chunk_mut().expect("a row is wider");
        let mut liquid = 0.0;
        for (k, out) in snow_row.as_chunks_mut().0.iter_mut().enumerate().take(L) {
            *out = layer_day(p[k], temp[k], solid[k], &mut layers[k], snow);
            liquid += out[7] / L as f64;
        }
        *catchment = day(liquid, pet, gr6j, &uh, &mut stores);
        catchment[1] = precip;
    }
    stores.store(stores_state);
    for (k, layer) in layers.iter().enumerate() {
        layer.store(snow_state, k);
    }
}

/// The same for any number of layers.
fn kernel_any(forcing: &Forcing, params: &[f64], state: &mut [f64], fields: &mut [f64]) {
    let snow = SnowParameters::new(params);
    let (stores_state, snow_state) = state.split_first_chunk_mut().expect("checked by the binding");
    let gr6j: &[f64; 6] = params.first_chunk().expect("checked by the binding");
    let uh = UnitHydrographs::new(gr6j[3]);
    let mut stores = Stores::new(stores_state);
    let mut layers: Vec<Layer> =
        (0..snow_state.len() / 5).map(|k| Layer::new(snow_state, k)).collect();
    let count = layers.len();
    for (t, row) in fields.chunks_exact_mut(GR6J_FIELDS + LAYER_FIELDS * count).enumerate() {
        let (catchment, snow_row) = row.split_first_chunk_mut().expect("a row is wider");
        let mut liquid = 0.0;
        for (k, (layer, out)) in layers.iter_mut().zip(snow_row.as_chunks_mut().0).enumerate() {
            let i = t * count + k;
            let (p, temp, solid) =
                (forcing.layer_precip[i], forcing.layer_temp[i], forcing.layer_solid[i]);
            *out = layer_day(p, temp, solid, layer, snow);
            liquid += out[7] / count as f64;
        }
        *catchment = day(liquid, forcing.pet[t], gr6j, &uh, &mut stores);
        catchment[1] = forcing.precip[t];
    }
    stores.store(stores_state);
    for (k, layer) in layers.iter().enumerate() {
        layer.store(snow_state, k);
    }
}

/// `gr6j_cemaneige(precip, pet, layer_precip, layer_temp, layer_solid, params, state, fields)`: fills
/// `state` (63 + 5 L,) and `fields` (N, 20 + 11 L).
#[pyfunction]
#[allow(clippy::too_many_arguments)] // the model has that many
pub fn gr6j_cemaneige(
    precip: Read<'_>,
    pet: Read<'_>,
    layer_precip: Read<'_>,
    layer_temp: Read<'_>,
    layer_solid: Read<'_>,
    params: Read<'_>,
    mut state: Write<'_>,
    mut fields: Write<'_>,
) -> PyResult<()> {
    let forcing = Forcing {
        precip: precip.as_slice()?,
        pet: pet.as_slice()?,
        layer_precip: layer_precip.as_slice()?,
        layer_temp: layer_temp.as_slice()?,
        layer_solid: layer_solid.as_slice()?,
    };
    let (params, state, fields) = (params.as_slice()?, state.as_slice_mut()?, fields.as_slice_mut()?);
    let layers = state.len().saturating_sub(GR6J_STATES) / 5;
    if params.len() < 8 || layers == 0 {
        return Err(wrong_width(GR6J_STATES + 5));
    }
    let run = match layers {
        1 => kernel::<1>,
        2 => kernel::<2>,
        3 => kernel::<3>,
        4 => kernel::<4>,
        5 => kernel::<5>,
        6 => kernel::<6>,
        7 => kernel::<7>,
        8 => kernel::<8>,
        _ => kernel_any,
    };
    run(&forcing, params, state, fields);
    Ok(())
}
