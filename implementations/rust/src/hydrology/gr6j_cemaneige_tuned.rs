//! GR6J fed by CemaNeige with less work a day: the same text as `numba_tuned`. IEEE rules.
//!
//! Against `gr6j_cemaneige`: GR6J as in `gr6j_tuned`; reciprocals of the number of layers and, in the plain
//! model, of the threshold. With hysteresis the quotients stay: a cover of exactly 1 switches a rule.

use super::gr6j::Stores;
use super::gr6j_cemaneige::{Day, Forcing, GR6J_FIELDS, GR6J_STATES, Layer, LayerRow, SnowParameters};
use super::gr6j_cemaneige::{layer_day, run};
use super::gr6j_tuned::{Constants, day};
use crate::views::{Read, Write};
use pyo3::prelude::*;

struct Tuned {
    constants: Constants,
    snow: SnowParameters,
    per_layer: f64,
    stores: Stores,
}

impl Day for Tuned {
    fn new(params: &[f64], layers: usize, state: &[f64; GR6J_STATES]) -> Self {
        Self {
            constants: Constants::new(params.first_chunk().expect("checked by the binding")),
            snow: SnowParameters::new(params),
            per_layer: 1.0 / layers as f64,
            stores: Stores::new(state),
        }
    }

    #[inline(always)]
    fn layer<const HYSTERESIS: bool>(&self, p: f64, temp: f64, solid: f64, layer: &mut Layer) -> LayerRow {
        layer_day::<HYSTERESIS>(p, temp, solid, layer, self.snow)
    }

    #[inline(always)]
    fn share(&self, liquid: f64) -> f64 {
        liquid * self.per_layer
    }

    #[inline(always)]
    fn catchment(&mut self, p: f64, e: f64) -> [f64; GR6J_FIELDS] {
        day(p, e, &self.constants, &mut self.stores)
    }

    fn store(&self, state: &mut [f64; GR6J_STATES]) {
        self.stores.store(state);
    }
}

/// `gr6j_cemaneige_tuned(precip, pet, layer_precip, layer_temp, layer_solid, params, state, fields)`: fills
/// `state` (63 + 5 L,) and `fields` (N, 20 + 11 L).
#[pyfunction]
#[allow(clippy::too_many_arguments)] // the model has that many
pub fn gr6j_cemaneige_tuned(
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
    run::<Tuned>(&forcing, params.as_slice()?, state.as_slice_mut()?, fields.as_slice_mut()?)
}
