//! Bindings of the dense matrix products, and of the fourth power.

use super::arguments::{Given, InPlace, Target, checks};
use super::bind::{Answer, Out};
use super::matmul_product::{Product, blocked, portable, shared, tiled};
use super::workspace::with_workspace;
use pyo3::prelude::*;

type Multiply = fn(&mut Product<'_>);

fn bound<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    multiply: Multiply,
) -> Answer<'py> {
    let (left, right): (Given, Given) = (Given::with_ndim("a", a, 2)?, Given::with_ndim("b", b, 2)?);
    let (&[m, k], &[depth, n]) = (left.shape(), right.shape()) else {
        unreachable!("both have two dimensions")
    };
    if depth != k {
        checks(a.py(), "chained")?.call1(("a", a, "b", b))?; // raises
    }
    let mut target: Target = Target::new(a.py(), out, &[m, n], &[&left, &right], InPlace::No)?;
    multiply(&mut Product { a: left.values(), b: right.values(), c: target.values_mut(), k, n });
    target.finish()
}

/// Define `name(a, b, out=None)` by a way of multiplying.
macro_rules! products {
    ($($(#[$doc:meta])* $name:ident = $multiply:ident;)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = (a, b, out=None))]
        pub fn $name<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
            bound(a, b, out, $multiply)
        }
    )*};
}

products! {
    /// `arrays_matmul(a, b, out=None)`.
    arrays_matmul = tiled;
    /// `arrays_matmul_rayon(a, b, out=None)`.
    arrays_matmul_rayon = shared;
    /// `arrays_matmul_blocked64(a, b, out=None)`.
    arrays_matmul_blocked64 = blocked;
    /// `arrays_matmul_portable(a, b, out=None)`.
    arrays_matmul_portable = portable;
}

fn fourth_power<'py>(a: &Bound<'py, PyAny>, out: Out<'_, 'py>, multiply: Multiply) -> Answer<'py> {
    let given: Given = Given::with_ndim("a", a, 2)?;
    let &[n, columns] = given.shape() else { unreachable!("it has two dimensions") };
    if n != columns {
        checks(a.py(), "square")?.call1(("a", a))?; // raises
    }
    let mut target: Target = Target::new(a.py(), out, &[n, n], &[&given], InPlace::No)?;
    with_workspace(n * n, |square| {
        multiply(&mut Product { a: given.values(), b: given.values(), c: square, k: n, n });
        multiply(&mut Product { a: square, b: square, c: target.values_mut(), k: n, n });
    });
    target.finish()
}

/// `arrays_matrix_power(a, out=None)`: the fourth power.
#[pyfunction]
#[pyo3(signature = (a, out=None))]
pub fn arrays_matrix_power<'py>(a: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    fourth_power(a, out, tiled)
}

/// `arrays_matrix_power_rayon(a, out=None)`: the fourth power.
#[pyfunction]
#[pyo3(signature = (a, out=None))]
pub fn arrays_matrix_power_rayon<'py>(a: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    fourth_power(a, out, shared)
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_matmul, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matmul_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matmul_blocked64, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matmul_portable, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matrix_power, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matrix_power_rayon, module)?)?;
    Ok(())
}
