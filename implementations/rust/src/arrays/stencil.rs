//! Bindings of the stencils in `stencil_kernels`, one row after another or shared out among the threads.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out, elementwise};
use super::elementwise::{Map, Spans, map, map_parallel};
use super::naive_fields::laplacian as naive_laplacian;
use super::share::{fair, share_chunks};
use super::stencil_kernels::{box_blur3, laplacian, sobel};
use super::vector::Lane;
use super::workspace::with_workspace;
use pyo3::prelude::*;

/// Fills the inner points of some rows of a field, given these rows and one more on either side.
type Stencil = fn(field: &[f64], width: usize, answer: &mut [f64]);

/// Rows that a thread takes at a time.
const ROWS: usize = 32;

fn shared(stencil: Stencil, field: &[f64], width: usize, answer: &mut [f64]) {
    let inner = width - 2;
    let together = fair(answer.len() / inner, ROWS, 1);
    share_chunks(answer, together * inner, |part, answer| {
        let rows = answer.len() / inner + 2;
        stencil(&field[part * together * width..][..rows * width], width, answer);
    });
}

fn inner<'py>(u: &Bound<'py, PyAny>, out: Out<'_, 'py>, stencil: Stencil, parallel: bool) -> Answer<'py> {
    let given: Given = Given::with_ndim("u", u, 2)?;
    let &[height, width] = given.shape() else { unreachable!("it has two dimensions") };
    let shape = [height.saturating_sub(2), width.saturating_sub(2)];
    let mut target: Target = Target::new(u.py(), out, &shape, &[&given], InPlace::No)?;
    let answer = target.values_mut();
    if !answer.is_empty() {
        if parallel {
            shared(stencil, given.values(), width, answer)
        } else {
            stencil(given.values(), width, answer)
        }
    }
    target.finish()
}

fn blur(field: &[f64], width: usize, answer: &mut [f64]) {
    with_workspace(3 * (width - 2), |ring| box_blur3(field, width, ring, answer));
}

/// Define `name(u, out=None)` by a stencil, alone or shared.
macro_rules! stencils {
    ($($(#[$doc:meta])* $name:ident = $stencil:ident, $parallel:literal;)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = (u, out=None))]
        pub fn $name<'py>(u: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
            inner(u, out, $stencil, $parallel)
        }
    )*};
}

stencils! {
    /// `arrays_laplacian(u, out=None)`.
    arrays_laplacian = laplacian, false;
    /// `arrays_laplacian_rayon(u, out=None)`.
    arrays_laplacian_rayon = laplacian, true;
    /// `arrays_laplacian_naive(u, out=None)`.
    arrays_laplacian_naive = naive_laplacian, false;
    /// `arrays_sobel(u, out=None)`.
    arrays_sobel = sobel, false;
    /// `arrays_sobel_rayon(u, out=None)`.
    arrays_sobel_rayon = sobel, true;
    /// `arrays_box_blur3(u, out=None)`.
    arrays_box_blur3 = blur, false;
    /// `arrays_box_blur3_rayon(u, out=None)`.
    arrays_box_blur3_rayon = blur, true;
}

/// Length of (x, y).
struct Magnitude;

impl Map<2> for Magnitude {
    #[inline(always)]
    fn at<L: Lane>(&self, [x, y]: [L; 2]) -> L {
        (x * x + y * y).root()
    }
}

/// `arrays_vector_magnitude(vx, vy, out=None)`.
#[pyfunction]
#[pyo3(signature = (vx, vy, out=None))]
pub fn arrays_vector_magnitude<'py>(
    vx: &Bound<'py, PyAny>,
    vy: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    elementwise(["vx", "vy"], [vx, vy], out, |spans: Spans<2>| {
        // SAFETY: `elementwise` has checked the arrays.
        unsafe { map(&Magnitude, spans) }
    })
}

/// `arrays_vector_magnitude_rayon(vx, vy, out=None)`.
#[pyfunction]
#[pyo3(signature = (vx, vy, out=None))]
pub fn arrays_vector_magnitude_rayon<'py>(
    vx: &Bound<'py, PyAny>,
    vy: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    elementwise(["vx", "vy"], [vx, vy], out, |spans: Spans<2>| {
        // SAFETY: `elementwise` has checked the arrays.
        unsafe { map_parallel(&Magnitude, spans) }
    })
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_laplacian, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_laplacian_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_laplacian_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sobel, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sobel_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_box_blur3, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_box_blur3_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_vector_magnitude, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_vector_magnitude_rayon, module)?)?;
    Ok(())
}
