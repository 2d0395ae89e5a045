//! What this machine can do at most: bandwidth of copying, reading, the triad and a + b c, and multiply-adds a second.

use super::bind::{Answer, Out, elementwise, functions_of_x, unary};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, map};
use super::stream::Same;
use super::vector::Lane;
use pyo3::prelude::*;

/// a + 3 b.
struct Triad;

impl Map<2> for Triad {
    #[inline(always)]
    fn at<L: Lane>(&self, [a, b]: [L; 2]) -> L {
        b.fma(L::splat(3.0), a)
    }
}

/// a + b c: as much as is read and written at once where a layer is normalised.
struct Quad;

impl Map<3> for Quad {
    #[inline(always)]
    fn at<L: Lane>(&self, [a, b, c]: [L; 3]) -> L {
        b.fma(c, a)
    }
}

/// Chains of multiply-adds in registers: enough of them to keep every unit busy.
struct Peak(u64);

/// Chains side by side.
const CHAINS: usize = 16;

impl Kernel for Peak {
    /// Floating-point operations, and a number that depends on all.
    type Output = (u64, f64);

    #[inline(always)]
    fn run<L: Lane>(self) -> (u64, f64) {
        let (factor, term) = (L::splat(0.999_999), L::splat(1e-6));
        // Where the compiler cannot know where a chain begins, it cannot run ahead of it.
        let mut values = [L::splat(0.0); CHAINS];
        for (k, value) in values.iter_mut().enumerate() {
            *value = L::splat(std::hint::black_box(k as f64));
        }
        for _ in 0..self.0 {
            #[allow(clippy::needless_range_loop)] // see `load_each`
            for k in 0..CHAINS {
                values[k] = values[k].fma(factor, term);
            }
        }
        let mut all = values[0];
        for &value in &values[1..] {
            all = all + value;
        }
        (2 * self.0 * (CHAINS * L::WIDTH) as u64, all.reduce(|one, other| one + other))
    }
}

functions_of_x! {
    /// `arrays_copy(x, out=None)`: the elements as they are.
    arrays_copy = unary(Same);
}

/// `arrays_triad(a, b, out=None)`: a + 3 b.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn arrays_triad<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    // SAFETY: `elementwise` has checked the arrays.
    elementwise(["a", "b"], [a, b], out, |spans| unsafe { map(&Triad, spans) })
}

/// `arrays_quad(a, b, c, out=None)`: a + b c.
#[pyfunction]
#[pyo3(signature = (a, b, c, out=None))]
pub fn arrays_quad<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    c: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    // SAFETY: `elementwise` has checked the arrays.
    elementwise(["a", "b", "c"], [a, b, c], out, |spans| unsafe { map(&Quad, spans) })
}

/// `arrays_fma_peak(steps)`: do that many steps of multiply-adds; returns the number of operations.
#[pyfunction]
pub fn arrays_fma_peak(steps: u64) -> u64 {
    let (operations, value) = dispatch(Peak(steps));
    std::hint::black_box(value);
    operations
}

/// `arrays_width()`: how many float64 the kernels compute with at a time: 8 with AVX-512, else 1 as written,
/// which the compiler widens to what the build allows.
#[pyfunction]
pub fn arrays_width() -> usize {
    dispatch(Width)
}

struct Width;

impl Kernel for Width {
    type Output = usize;

    #[inline(always)]
    fn run<L: Lane>(self) -> usize {
        L::WIDTH
    }
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_copy, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_triad, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_quad, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_fma_peak, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_width, module)?)?;
    Ok(())
}
