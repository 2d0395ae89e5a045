//! Initial-value problems: the methods of `scipy.integrate.solve_ivp`, taking SciPy's steps.
//!
//! The methods (`rk`, `bdf`, `radau`) are generic over the right-hand side: a Python function (`callback`), one
//! that is compiled in (`builtin`) or a C function (`pointer`). None of them knows which it is.

#![allow(clippy::needless_range_loop)] // the formulas have indices, and so do the loops

mod ablations;
mod bdf;
mod builtin;
mod callback;
mod compiled;
mod dense;
mod differences;
mod events;
mod function;
mod lapack;
mod linear;
mod lu;
mod pairs;
mod pointer;
mod radau;
mod reader;
mod recorder;
mod rk;
mod segments;
mod solve;
mod sparse;
mod state;
mod stepping;
mod sums;
mod system;
mod tableaus;

use pyo3::prelude::*;

/// Add the kernels of this family to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<segments::Segments>()?;
    module.add_function(wrap_pyfunction!(solve::ode_solve, module)?)?;
    module.add_function(wrap_pyfunction!(compiled::ode_builtin, module)?)?;
    module.add_function(wrap_pyfunction!(pointer::ode_pointer, module)?)?;
    module.add_function(wrap_pyfunction!(pointer::ode_pointer_dense, module)?)?;
    Ok(())
}
