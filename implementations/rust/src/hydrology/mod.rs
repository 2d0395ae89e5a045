//! Rainfall-runoff and snow models.

mod airgr;
mod gr2m;
mod gr2m_tuned;
mod gr6j;
mod gr6j_cemaneige;
mod gr6j_cemaneige_tuned;
mod gr6j_tuned;
mod hbv;
mod hbv_light;
mod hbv_light_1mm;
mod hbv_light_heap_state;
mod hbv_light_push_fluxes;
mod hbv_light_tuned;
mod hbv_light_zones;
mod one_zone;
mod power;
mod tables;
mod unit_hydrographs;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(gr2m::gr2m, module)?)?;
    module.add_function(wrap_pyfunction!(gr2m_tuned::gr2m_tuned, module)?)?;
    module.add_function(wrap_pyfunction!(gr6j::gr6j, module)?)?;
    module.add_function(wrap_pyfunction!(gr6j_tuned::gr6j_tuned, module)?)?;
    module.add_function(wrap_pyfunction!(gr6j_cemaneige::gr6j_cemaneige, module)?)?;
    module.add_function(wrap_pyfunction!(gr6j_cemaneige_tuned::gr6j_cemaneige_tuned, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light::hbv_light, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light_1mm::hbv_light_1mm, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light_heap_state::hbv_light_heap_state, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light_push_fluxes::hbv_light_push_fluxes, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light_tuned::hbv_light_tuned, module)?)?;
    module.add_function(wrap_pyfunction!(hbv_light_zones::hbv_light_zones, module)?)?;
    Ok(())
}
