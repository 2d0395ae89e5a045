//! Normalisation: a reduction of what is there, then a map, of whole arrays, rows, or columns.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out, elementwise, unary_prepared};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, map, run};
use super::fold::{Largest, Smallest, fold};
use super::moments::{self, Moments, moments};
use super::vector::Lane;
use super::workspace::with_workspace;
use pyo3::prelude::*;

/// What keeps a variance from being zero.
const EPSILON: f64 = 1e-5;

/// (x - mean) * factor.
struct Times(f64, f64);
/// (x - mean) / divisor.
struct Over(f64, f64);
/// (x - mean) * factor * gamma + beta.
struct Layer(f64, f64);
/// (x - mean) * factor + beta, each of a column.
struct Column;

impl Map<1> for Times {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        (x - L::splat(self.0)) * L::splat(self.1)
    }
}

impl Map<1> for Over {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        (x - L::splat(self.0)) / L::splat(self.1)
    }
}

impl Map<3> for Layer {
    #[inline(always)]
    fn at<L: Lane>(&self, [x, gamma, beta]: [L; 3]) -> L {
        ((x - L::splat(self.0)) * L::splat(self.1)).fma(gamma, beta)
    }
}

impl Map<4> for Column {
    #[inline(always)]
    fn at<L: Lane>(&self, [x, mean, factor, beta]: [L; 4]) -> L {
        (x - mean).fma(factor, beta)
    }
}

/// (x - mean) / deviation: by its reciprocal where that is a normal number.
#[inline(always)]
unsafe fn standardise<L: Lane>(found: Moments, spans: &Spans<1>) {
    let (mean, deviation) = (found.mean, found.variance().sqrt());
    // SAFETY: the caller's.
    unsafe {
        if (1e-290..1e290).contains(&deviation) {
            run::<1, L, _>(&Times(mean, 1.0 / deviation), spans);
        } else {
            run::<1, L, _>(&Over(mean, deviation), spans);
        }
    }
}

/// How a layer with these moments is normalised.
fn layer(found: Moments) -> Layer {
    Layer(found.mean, 1.0 / (found.variance() + EPSILON).sqrt())
}

/// Z-scores of rows of `width`.
struct Rows {
    spans: Spans<1>,
    width: usize,
}

impl Kernel for Rows {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Spans { given: [x], out, count } = self.spans;
        for from in (0..count).step_by(self.width.max(1)) {
            // SAFETY: rows of checked arrays; the slice ends before its row is written.
            unsafe {
                let row = x.add(from);
                let found = moments::run::<L>(std::slice::from_raw_parts(row, self.width));
                standardise::<L>(found, &Spans { given: [row], out: out.add(from), count: self.width });
            }
        }
    }
}

/// Layers in rows, with gamma and beta of a row.
struct LayerRows {
    spans: Spans<3>,
    width: usize,
}

impl Kernel for LayerRows {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Spans { given: [x, gamma, beta], out, count } = self.spans;
        for from in (0..count).step_by(self.width.max(1)) {
            // SAFETY: rows of checked arrays; the slice ends before its row is written.
            unsafe {
                let row = x.add(from);
                let found = moments::run::<L>(std::slice::from_raw_parts(row, self.width));
                let spans = Spans { given: [row, gamma, beta], out: out.add(from), count: self.width };
                run::<3, L, _>(&layer(found), &spans);
            }
        }
    }
}

/// Rows whose columns have moments of their own.
struct Batch {
    spans: Spans<4>,
    width: usize,
}

impl Kernel for Batch {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Spans { given: [x, mean, factor, beta], out, count } = self.spans;
        for from in (0..count).step_by(self.width.max(1)) {
            // SAFETY: rows of checked arrays, and columns as wide.
            unsafe {
                let given = [x.add(from), mean, factor, beta];
                run::<4, L, _>(&Column, &Spans { given, out: out.add(from), count: self.width });
            }
        }
    }
}

/// `arrays_zscore(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_zscore<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    unary_prepared(x, 0, out, |_, spans| {
        let width = spans.count;
        dispatch(Rows { spans, width });
    })
}

/// `arrays_image_normalize(img, out=None)`.
#[pyfunction]
#[pyo3(signature = (img, out=None))]
pub fn arrays_image_normalize<'py>(img: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    let x = Given::new("img", img)?.at_least("img", 1)?;
    let target = Target::new(x.py(), out, x.shape(), &[&x], InPlace::Yes)?;
    let (low, high) = (fold(&Smallest, [x.values()]), fold(&Largest, [x.values()]));
    let spans = Spans { given: [x.pointer()], out: target.pointer(), count: x.count() };
    // SAFETY: the arrays have been checked.
    unsafe { map(&Over(low, high - low), spans) };
    target.finish()
}

/// `arrays_layer_norm(x, gamma, beta, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, gamma, beta, out=None))]
pub fn arrays_layer_norm<'py>(
    x: &Bound<'py, PyAny>,
    gamma: &Bound<'py, PyAny>,
    beta: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    elementwise(["x", "gamma", "beta"], [x, gamma, beta], out, |spans| {
        // SAFETY: `elementwise` has checked the arrays; the slice ends before anything is written.
        unsafe {
            let found = moments(std::slice::from_raw_parts(spans.given[0], spans.count));
            map(&layer(found), spans);
        }
    })
}

/// `arrays_layer_norm_rows(x, gamma, beta, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, gamma, beta, out=None))]
pub fn arrays_layer_norm_rows<'py>(
    x: &Bound<'py, PyAny>,
    gamma: &Bound<'py, PyAny>,
    beta: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    let x = Given::with_ndim("x", x, 2)?;
    let width = x.shape()[1];
    let gamma = Given::of_length("gamma", gamma, width)?;
    let beta = Given::of_length("beta", beta, width)?;
    let target = Target::new(x.py(), out, x.shape(), &[&x, &gamma, &beta], InPlace::Yes)?;
    let given = [x.pointer(), gamma.pointer(), beta.pointer()];
    dispatch(LayerRows { spans: Spans { given, out: target.pointer(), count: x.count() }, width });
    target.finish()
}

/// `arrays_zscore_2d(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_zscore_2d<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    unary_prepared(x, 2, out, |shape, spans| dispatch(Rows { spans, width: shape[1] }))
}

/// `arrays_batch_norm(x, m, v, g, b, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, m, v, g, b, out=None))]
pub fn arrays_batch_norm<'py>(
    x: &Bound<'py, PyAny>,
    m: &Bound<'py, PyAny>,
    v: &Bound<'py, PyAny>,
    g: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    let x = Given::with_ndim("x", x, 2)?;
    let width = x.shape()[1];
    let m = Given::of_length("m", m, width)?;
    let v: Given = Given::of_length("v", v, width)?;
    let g: Given = Given::of_length("g", g, width)?;
    let b = Given::of_length("b", b, width)?;
    let target = Target::new(x.py(), out, x.shape(), &[&x, &m, &v, &g, &b], InPlace::Yes)?;
    with_workspace(width, |factors| {
        for ((factor, v), g) in factors.iter_mut().zip(v.values()).zip(g.values()) {
            *factor = g / (v + EPSILON).sqrt();
        }
        let given = [x.pointer(), m.pointer(), factors.as_ptr(), b.pointer()];
        dispatch(Batch { spans: Spans { given, out: target.pointer(), count: x.count() }, width });
    });
    target.finish()
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_zscore, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_image_normalize, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_layer_norm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_layer_norm_rows, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_zscore_2d, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_batch_norm, module)?)?;
    Ok(())
}
