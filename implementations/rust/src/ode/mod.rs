//! Initial-value problems.

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(_module: &Bound<'_, PyModule>) -> PyResult<()> {
    Ok(())
}
