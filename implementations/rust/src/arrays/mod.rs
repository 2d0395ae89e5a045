//! Array operations: what NumPy users chain all day.
//!
//! A workload is a `Map` (or another small kernel) that is written once for all widths (`vector`), run with
//! the widest instructions that the processor has (`dispatch`), and bound to Python beside it. `arguments`
//! takes the arrays of the caller.

mod activation;
#[allow(dead_code)] // models to come
mod arguments;
mod bind;
mod dispatch;
mod elementwise;
mod umath;
mod vector;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    umath::register(module)?;
    activation::register(module)?;
    Ok(())
}
