//! GR6J fed by CemaNeige, daily: the same text as `numba_jit`, with the number of layers known to the compiler.
//! Equations and source: `paceline_models/hydrology/gr6j_cemaneige`.

use super::airgr::MELT_MINIMUM;
use super::gr6j::{Stores, day};
use super::unit_hydrographs::UnitHydrographs;
use crate::views::{Read, Write, wrong_width};
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

/// The text of a day: what `rust_pyo3` and `rust_tuned` write differently.
pub trait Day {
    /// The states of GR6J and the snow parameters, made ready for `layers` layers.
    fn new(params: &[f64], layers: usize, state: &[f64; GR6J_STATES]) -> Self;
    /// Step one layer one day; returns its 11 fields.
    fn layer<const HYSTERESIS: bool>(&self, p: f64, temp: f64, solid: f64, layer: &mut Layer) -> LayerRow;
    /// The share of the catchment's rain that comes from a layer's liquid water.
    fn share(&self, liquid: f64) -> f64;
    /// Step GR6J one day; returns its 20 fields.
    fn catchment(&mut self, p: f64, e: f64) -> [f64; GR6J_FIELDS];
    /// Put the states of GR6J together again.
    fn store(&self, state: &mut [f64; GR6J_STATES]);
}

/// The 11 fields of a layer.
pub type LayerRow = [f64; LAYER_FIELDS];

/// The same text as `numba_jit`.
struct Plain {
    params: [f64; 6],
    snow: SnowParameters,
    layers: f64,
    uh: UnitHydrographs,
    stores: Stores,
}

impl Day for Plain {
    fn new(params: &[f64], layers: usize, state: &[f64; GR6J_STATES]) -> Self {
        Self {
            params: std::array::from_fn(|i| params[i]),
            snow: SnowParameters::new(params),
            layers: layers as f64,
            uh: UnitHydrographs::new(params[3]),
            stores: Stores::new(state),
        }
    }

    #[inline(always)]
    fn layer<const HYSTERESIS: bool>(&self, p: f64, temp: f64, solid: f64, layer: &mut Layer) -> LayerRow {
        layer_day::<HYSTERESIS>(p, temp, solid, layer, self.snow)
    }

    #[inline(always)]
    fn share(&self, liquid: f64) -> f64 {
        liquid / self.layers
    }

    #[inline(always)]
    fn catchment(&mut self, p: f64, e: f64) -> [f64; GR6J_FIELDS] {
        day(p, e, &self.params, &self.uh, &mut self.stores)
    }

    fn store(&self, state: &mut [f64; GR6J_STATES]) {
        self.stores.store(state);
    }
}

/// Step one layer one day; returns its 11 fields.
#[inline(always)]
pub fn layer_day<const HYSTERESIS: bool>(
    p: f64,
    temp: f64,
    solid: f64,
    layer: &mut Layer,
    snow: SnowParameters,
) -> [f64; LAYER_FIELDS] {
    let SnowParameters { ctg, kf, gacc } = snow;
    let Layer { mut g, mut etg, gthr, mut gloc, mut ratio } = *layer;
    let pliq = (1.0 - solid) * p;
    let psol = solid * p;
    let before = g;
    g = before + psol;

    let thermal = ctg * etg + (1.0 - ctg) * temp;
    etg = if thermal > 0.0 { 0.0 } else { thermal };
    let possible = kf * temp;
    let possible = if possible > g { g } else { possible };
    let potmelt = if (etg == 0.0) & (temp > 0.0) { possible } else { 0.0 };

    if !HYSTERESIS {
        ratio = 1.0;
        if g < gthr {
            ratio = g / gthr;
        }
    } else if potmelt > 0.0 {
        gloc = if (g < gloc) & (ratio == 1.0) { g } else { gloc };
        ratio = 1.0;
        if g < gloc {
            ratio = g / gloc;
        }
    }

    let melt = ((1.0 - MELT_MINIMUM) * ratio + MELT_MINIMUM) * potmelt;
    g -= melt;

    if !HYSTERESIS {
        ratio = 1.0;
        if g < gthr {
            ratio = g / gthr;
        }
    } else if g - before > 0.0 {
        let grown = ratio + (psol - melt) / gacc;
        ratio = if grown > 1.0 { 1.0 } else { grown };
        gloc = if ratio == 1.0 { gthr } else { gloc };
    } else {
        ratio = 1.0;
        if g < gloc {
            ratio = g / gloc;
        }
    }

    *layer = Layer { g, etg, gthr, gloc, ratio };
    let local = if HYSTERESIS { gloc } else { f64::NAN };
    [pliq, psol, g, etg, ratio, potmelt, melt, pliq + melt, temp, gthr, local]
}

/// Run the model for `L` layers: the state (63 + 5 L) and the fields (N, 20 + 11 L) are filled.
fn kernel<D: Day, const L: usize, const HYSTERESIS: bool>(
    forcing: &Forcing,
    params: &[f64],
    state: &mut [f64],
    fields: &mut [f64],
) {
    let (gr6j_state, snow_state) = state.split_first_chunk_mut().expect("checked by the binding");
    let mut day = D::new(params, L, gr6j_state);
    let mut layers: [Layer; L] = std::array::from_fn(|k| Layer::new(snow_state, k));
    let by_layer = forcing.layer_precip.as_chunks::<L>().0.iter();
    let by_layer = by_layer.zip(forcing.layer_temp.as_chunks::<L>().0);
    let by_layer = by_layer.zip(forcing.layer_solid.as_chunks::<L>().0);
    let mut days = forcing.precip.iter().zip(forcing.pet);
    // The snow goes a day ahead: it needs nothing of GR6J, whose long chain the processor then works off beside it.
    let mut ahead: Option<(&mut [f64; GR6J_FIELDS], f64)> = None;
    for (((p, temp), solid), row) in by_layer.zip(fields.chunks_exact_mut(GR6J_FIELDS + LAYER_FIELDS * L)) {
        let (catchment, snow_row) = row.split_first_chunk_mut().expect("a row is wider");
        let mut liquid = 0.0;
        for (k, out) in snow_row.as_chunks_mut().0.iter_mut().enumerate().take(L) {
            *out = day.layer::<HYSTERESIS>(p[k], temp[k], solid[k], &mut layers[k]);
            liquid += day.share(out[7]);
        }
        if let Some((row, liquid)) = ahead.replace((catchment, liquid)) {
            let (&precip, &pet) = days.next().expect("as many");
            *row = day.catchment(liquid, pet);
            row[1] = precip;
        }
    }
    if let Some((row, liquid)) = ahead {
        let (&precip, &pet) = days.next().expect("as many");
        *row = day.catchment(liquid, pet);
        row[1] = precip;
    }
    day.store(gr6j_state);
    for (k, layer) in layers.iter().enumerate() {
        layer.store(snow_state, k);
    }
}

/// The same for any number of layers.
fn kernel_any<D: Day, const HYSTERESIS: bool>(
    forcing: &Forcing,
    params: &[f64],
    state: &mut [f64],
    fields: &mut [f64],
) {
    let (gr6j_state, snow_state) = state.split_first_chunk_mut().expect("checked by the binding");
    let count = snow_state.len() / 5;
    let mut day = D::new(params, count, gr6j_state);
    let mut layers: Vec<Layer> = (0..count).map(|k| Layer::new(snow_state, k)).collect();
    for (t, row) in fields.chunks_exact_mut(GR6J_FIELDS + LAYER_FIELDS * count).enumerate() {
        let (catchment, snow_row) = row.split_first_chunk_mut().expect("a row is wider");
        let mut liquid = 0.0;
        for (k, (layer, out)) in layers.iter_mut().zip(snow_row.as_chunks_mut().0).enumerate() {
            let i = t * count + k;
            let (p, temp, solid) = (forcing.layer_precip[i], forcing.layer_temp[i], forcing.layer_solid[i]);
            *out = day.layer::<HYSTERESIS>(p, temp, solid, layer);
            liquid += day.share(out[7]);
        }
        *catchment = day.catchment(liquid, forcing.pet[t]);
        catchment[1] = forcing.precip[t];
    }
    day.store(gr6j_state);
    for (k, layer) in layers.iter().enumerate() {
        layer.store(snow_state, k);
    }
}

type Kernel = fn(&Forcing, &[f64], &mut [f64], &mut [f64]);

/// The kernel for a number of layers, compiled for it where it is a usual one.
fn choose<D: Day, const HYSTERESIS: bool>(layers: usize) -> Kernel {
    match layers {
        1 => kernel::<D, 1, HYSTERESIS>,
        2 => kernel::<D, 2, HYSTERESIS>,
        3 => kernel::<D, 3, HYSTERESIS>,
        4 => kernel::<D, 4, HYSTERESIS>,
        5 => kernel::<D, 5, HYSTERESIS>,
        6 => kernel::<D, 6, HYSTERESIS>,
        7 => kernel::<D, 7, HYSTERESIS>,
        8 => kernel::<D, 8, HYSTERESIS>,
        _ => kernel_any::<D, HYSTERESIS>,
    }
}

/// Run the model by one text, after a last look at the arrays' sizes.
pub fn run<D: Day>(forcing: &Forcing, params: &[f64], state: &mut [f64], fields: &mut [f64]) -> PyResult<()> {
    let layers = state.len().saturating_sub(GR6J_STATES) / 5;
    if params.len() < 8 || layers == 0 {
        return Err(wrong_width(GR6J_STATES + 5));
    }
    let kernel = if params.len() > 8 { choose::<D, true>(layers) } else { choose::<D, false>(layers) };
    kernel(forcing, params, state, fields);
    Ok(())
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
    run::<Plain>(&forcing, params.as_slice()?, state.as_slice_mut()?, fields.as_slice_mut()?)
}
