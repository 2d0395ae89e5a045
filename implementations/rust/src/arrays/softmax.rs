//! Softmax and its logarithm over all elements, and the chain sin(exp(a + b)).

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out, elementwise};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, map, map_parallel, run};
use super::fold::{self, Fold, Largest, Sum, block};
use super::vector::{Lane, SIN_LIMIT, exp, sin};
use pyo3::prelude::*;

/// Elements that are written and then summed while they are in the first cache.
const BLOCK: usize = 2048;

/// exp(x - largest).
struct Shifted(f64);
/// The sum of exp(x - largest).
struct ShiftedSum(f64);
/// x times a number.
struct Scaled(f64);
/// x less two numbers, one after the other.
struct LessBoth(f64, f64);
/// sin(exp(a + b)).
struct ExpSin;

impl Map<1> for Shifted {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        exp(x - L::splat(self.0))
    }
}

impl Map<1> for Scaled {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x * L::splat(self.0)
    }
}

impl Map<1> for LessBoth {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x - L::splat(self.0) - L::splat(self.1)
    }
}

impl Fold<1> for ShiftedSum {
    #[inline(always)]
    fn nothing(&self) -> [f64; 1] {
        [f64::NEG_INFINITY]
    }
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x]: [L; 1]) -> L {
        so_far + exp(x - L::splat(self.0))
    }
}

impl Map<2> for ExpSin {
    const GUARDED: bool = true;
    #[inline(always)]
    fn at<L: Lane>(&self, [a, b]: [L; 2]) -> L {
        sin(exp(a + b))
    }
    #[inline(always)]
    fn guard<L: Lane>(&self, [a, b]: [L; 2]) -> (L, f64) {
        // Far below zero the chain is right, too, but nobody is there.
        (a + b, SIN_LIMIT.ln())
    }
    fn rare(&self, [a, b]: [f64; 2]) -> f64 {
        (a + b).exp().sin()
    }
}

/// Softmax of `count` elements at `x`, to `out`, which may be the same.
struct Softmax(Spans<1>);

impl Kernel for Softmax {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Spans { given: [x], out, count } = self.0;
        // SAFETY: the binding has checked the arrays; no slice lives while its elements are written.
        unsafe {
            let largest = fold::run::<1, L, _>(&Largest, [std::slice::from_raw_parts(x, count)]);
            let mut total = 0.0;
            for from in (0..count).step_by(BLOCK) {
                let part = BLOCK.min(count - from);
                let spans = Spans { given: [x.add(from)], out: out.add(from), count: part };
                run::<1, L, _>(&Shifted(largest), &spans);
                total += block::<1, L, _>(&Sum, [std::slice::from_raw_parts(out.add(from), part)]);
            }
            run::<1, L, _>(&Scaled(1.0 / total), &Spans { given: [out], out, count });
        }
    }
}

/// `arrays_softmax(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_softmax<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    let x = Given::new("x", x)?.at_least("x", 1)?;
    let target = Target::new(x.py(), out, x.shape(), &[&x], InPlace::Yes)?;
    dispatch(Softmax(Spans { given: [x.pointer()], out: target.pointer(), count: x.count() }));
    target.finish()
}

/// `arrays_log_softmax(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_log_softmax<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    let x = Given::new("x", x)?.at_least("x", 1)?;
    let target = Target::new(x.py(), out, x.shape(), &[&x], InPlace::Yes)?;
    let largest = fold::fold(&Largest, [x.values()]);
    let total = fold::fold(&ShiftedSum(largest), [x.values()]).ln();
    let spans = Spans { given: [x.pointer()], out: target.pointer(), count: x.count() };
    // SAFETY: the arrays have been checked.
    unsafe { map(&LessBoth(largest, total), spans) };
    target.finish()
}

/// `arrays_exp_sin_chain(a, b, out=None)`.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn arrays_exp_sin_chain<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    // SAFETY: `elementwise` has checked the arrays.
    elementwise(["a", "b"], [a, b], out, |spans| unsafe { map(&ExpSin, spans) })
}

/// `arrays_exp_sin_chain_rayon(a, b, out=None)`.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn arrays_exp_sin_chain_rayon<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
) -> Answer<'py> {
    // SAFETY: `elementwise` has checked the arrays.
    elementwise(["a", "b"], [a, b], out, |spans| unsafe { map_parallel(&ExpSin, spans) })
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_softmax, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_log_softmax, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_exp_sin_chain, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_exp_sin_chain_rayon, module)?)?;
    Ok(())
}
