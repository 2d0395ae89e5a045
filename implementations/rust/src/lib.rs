//! The Rust implementations of paceline's reference suite, as the extension `paceline_models._rust`.
//!
//! Kernels are plain functions on slices; the binding beside each takes NumPy arrays apart and calls it.
//! Arguments have been checked on the Python side, by the validator that all implementations share.

use pyo3::prelude::*;
use pyo3::types::PyDict;

mod arrays;
mod hydrology {
    pub mod airgr;
    pub mod gr2m;
    pub mod gr2m_tuned;
    pub mod gr6j;
    pub mod gr6j_cemaneige;
    pub mod gr6j_cemaneige_tuned;
    pub mod gr6j_tuned;
    pub mod hbv;
    pub mod hbv_light;
    pub mod hbv_light_1mm;
    pub mod hbv_light_heap_state;
    pub mod hbv_light_push_fluxes;
    pub mod hbv_light_tuned;
    pub mod hbv_light_zones;
    pub mod one_zone;
    pub mod power;
    pub mod tables;
    pub mod unit_hydrographs;
}

use hydrology::{
    gr2m, gr2m_tuned, gr6j, gr6j_cemaneige, gr6j_cemaneige_tuned, gr6j_tuned, hbv_light, hbv_light_1mm,
    hbv_light_heap_state, hbv_light_push_fluxes, hbv_light_tuned, hbv_light_zones,
};

#[pymodule]
fn _rust(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("BUILD", build(module.py())?)?;
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

/// How this extension was built: `profile`, `opt_level`, `target`, `target_cpu`, `rustflags`, `lto`,
/// `codegen_units`, `rustc`.
fn build(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let flags = env!("PACELINE_RUSTFLAGS");
    let cpu = flags.split("target-cpu=").nth(1).and_then(|rest| rest.split_whitespace().next());
    let told = PyDict::new(py);
    told.set_item("profile", if cfg!(debug_assertions) { "debug" } else { "release" })?;
    told.set_item("opt_level", env!("PACELINE_OPT_LEVEL"))?;
    told.set_item("target", env!("PACELINE_TARGET"))?;
    told.set_item("target_cpu", cpu.unwrap_or("generic"))?;
    told.set_item("rustflags", flags)?;
    told.set_item("lto", env!("PACELINE_LTO"))?;
    told.set_item("codegen_units", env!("PACELINE_CODEGEN_UNITS"))?;
    told.set_item("rustc", env!("PACELINE_RUSTC"))?;
    Ok(told)
}
