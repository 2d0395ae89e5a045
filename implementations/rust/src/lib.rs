//! The Rust implementations of paceline's reference suite, as the extension `paceline_models._rust`.
//!
//! Kernels are plain functions on slices; the binding beside each takes NumPy arrays apart and calls it.
//! Arguments have been checked on the Python side, by the validator that all implementations share. Every family
//! registers its own functions.

use pyo3::prelude::*;
use pyo3::types::PyDict;

mod arrays;
mod crew;
mod hydrology;
mod monty;
mod ode;
mod views;

#[pymodule]
fn _rust(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("BUILD", build(module.py())?)?;
    hydrology::register(module)?;
    ode::register(module)?;
    arrays::register(module)?;
    monty::register(module)
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
