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
mod create;
mod dispatch;
mod elementwise;
mod fft;
mod fold;
mod limits;
mod matmul;
#[cfg(target_arch = "x86_64")]
mod matmul_blocks;
mod matmul_product;
mod matmul_small;
#[cfg(target_arch = "x86_64")]
mod matmul_tile;
mod moments;
mod montecarlo;
mod naive;
mod naive_fields;
mod normalise;
mod order;
mod order_select;
mod pipelines;
mod pipelines_adam;
mod pipelines_image;
mod pipelines_signal;
mod reduce;
mod scalars;
mod share;
mod softmax;
mod stencil;
mod stencil_heat;
mod stencil_kernels;
mod stream;
mod transpose;
mod umath;
mod vector;
mod workspace;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    umath::register(module)?;
    limits::register(module)?;
    naive::register(module)?;
    activation::register(module)?;
    softmax::register(module)?;
    reduce::register(module)?;
    axis::register(module)?;
    module.add_function(wrap_pyfunction!(corrcoef::arrays_corrcoef, module)?)?;
    stream::register(module)?;
    normalise::register(module)?;
    module.add_function(wrap_pyfunction!(transpose::arrays_transpose, module)?)?;
    create::register(module)?;
    order::register(module)?;
    matmul::register(module)?;
    matmul_small::register(module)?;
    stencil::register(module)?;
    stencil_heat::register(module)?;
    fft::register(module)?;
    montecarlo::register(module)?;
    pipelines::register(module)?;
    Ok(())
}
