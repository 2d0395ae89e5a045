//! Matrix products: dense, and the fourth power.

use super::arguments::{Given, InPlace, Target, checks};
use super::bind::{Answer, Out};
#[cfg(target_arch = "x86_64")]
use super::matmul_blocks as blocks;
use super::workspace::with_workspace;
use pyo3::prelude::*;
use rayon::prelude::*;

/// Products with fewer multiplications are not shared between threads.
const WORTH_SHARING: usize = 1 << 18;

/// Row-major matrices (m, k), (k, n) and (m, n) of a product.
pub struct Product<'a> {
    /// The left factor.
    pub a: &'a [f64],
    /// The right factor.
    pub b: &'a [f64],
    /// The answer.
    pub c: &'a mut [f64],
    /// Columns of A, rows of B.
    pub k: usize,
    /// Columns of B and C.
    pub n: usize,
}

impl Product<'_> {
    /// How many rows C has.
    pub fn rows(&self) -> usize {
        self.c.len().checked_div(self.n).unwrap_or(0)
    }
}

type Multiply = fn(&mut Product<'_>);

/// C = A B by register tiles: AVX-512 where the processor has it, else the crate `matrixmultiply`.
pub fn tiled(product: &mut Product<'_>) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx512f") {
        let length = blocks::workspace(product.rows(), product.k, product.n);
        // SAFETY: the processor has it.
        return with_workspace(length, |workspace| unsafe { blocks::multiply(product, workspace) });
    }
    portable(product);
}

/// The same with AVX2 or NEON.
pub fn portable(product: &mut Product<'_>) {
    let (m, k, n) = (product.rows(), product.k, product.n);
    if m == 0 || k == 0 {
        return product.c.fill(0.0);
    }
    assert!(product.a.len() == m * k && product.b.len() == k * n && product.c.len() == m * n);
    let (a, b, c) = (product.a.as_ptr(), product.b.as_ptr(), product.c.as_mut_ptr());
    let (across, along) = (k as isize, n as isize);
    // SAFETY: the slices are as long as their matrices, which are row-major; C is not read where beta is 0.
    unsafe { matrixmultiply::dgemm(m, k, n, 1.0, a, across, 1, b, along, 1, 0.0, c, along, 1) }
}

/// The same, C's rows shared out among the threads.
fn shared(product: &mut Product<'_>) {
    let (m, k, n) = (product.rows(), product.k, product.n);
    if m * k * n < WORTH_SHARING {
        return tiled(product);
    }
    let rows = m.div_ceil(rayon::current_num_threads()).next_multiple_of(8);
    let parts = product.c.par_chunks_mut(rows * n).zip(product.a.par_chunks(rows * k));
    parts.for_each(|(c, a)| tiled(&mut Product { a, b: product.b, c, k, n }));
}

/// The same by blocks of 64 in all three directions, without register tiles: what a seed advises.
fn blocked(product: &mut Product<'_>) {
    const BLOCK: usize = 64;
    let (m, k, n) = (product.rows(), product.k, product.n);
    product.c.fill(0.0);
    for top in (0..m).step_by(BLOCK) {
        for first in (0..k).step_by(BLOCK) {
            for left in (0..n).step_by(BLOCK) {
                let columns = left..n.min(left + BLOCK);
                for row in top..m.min(top + BLOCK) {
                    let sums = &mut product.c[row * n..][columns.clone()];
                    for depth in first..k.min(first + BLOCK) {
                        let factor = product.a[row * k + depth];
                        for (sum, value) in sums.iter_mut().zip(&product.b[depth * n..][columns.clone()]) {
                            *sum += factor * value;
                        }
                    }
                }
            }
        }
    }
}

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
