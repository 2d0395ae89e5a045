//! The Monty learning loop.

mod evidence;
mod minimal;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    evidence::register(module)?;
    minimal::register(module)
}
