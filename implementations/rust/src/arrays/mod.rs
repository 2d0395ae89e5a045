//! Array operations: what NumPy users chain all day.
//!
//! A workload is a `Map` (or another small kernel) that is written once for all widths (`vector`), run with
//! the widest instructions that the processor has (`dispatch`), and bound to Python beside it. `arguments`
//! takes the arrays of the caller.

mod activation;
mod arguments;
mod axis;
mod bind;
mod corrcoef;
mod dispatch;
mod elementwise;
mod fold;
mod moments;
mod normalise;
mod reduce;
mod softmax;
mod stream;
mod umath;
mod vector;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    umath::register(module)?;
    activation::register(module)?;
    softmax::register(module)?;
    reduce::register(module)?;
    axis::register(module)?;
    module.add_function(wrap_pyfunction!(corrcoef::arrays_corrcoef, module)?)?;
    stream::register(module)?;
    normalise::register(module)?;
    Ok(())
}
