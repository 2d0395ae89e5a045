//! The Monty learning loop.

mod evidence;
mod minimal;
mod nodes;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    evidence::register(module)?;
    minimal::register(module)?;
    module.add_function(wrap_pyfunction!(nodes::monty_nodes_append, module)?)?;
    module.add_function(wrap_pyfunction!(nodes::monty_nodes_averages, module)?)?;
    Ok(())
}
