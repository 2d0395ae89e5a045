//! Chains as array libraries without fusion run them: every operation is a loop of its own into a new array.
//!
//! The loops are as fast as those of `rust_pyo3`; what is missing is only that they are one loop.

use super::bind::{functions_of_x, unary_prepared};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, run};
use super::moments::moments;
use super::vector::{self, Lane};
use pyo3::prelude::*;

/// One operation of a chain.
#[derive(Clone, Copy)]
enum Step {
    Negative,
    Exp,
    Tanh,
    Plus(f64),
    Times(f64),
    Reciprocal,
    NotBelow(f64),
}

impl Map<1> for Step {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        match *self {
            Step::Negative => -x,
            Step::Exp => vector::exp(x),
            Step::Tanh => vector::tanh(x),
            Step::Plus(number) => x + L::splat(number),
            Step::Times(number) => x * L::splat(number),
            Step::Reciprocal => L::splat(1.0) / x,
            Step::NotBelow(number) => L::splat(number).max(x),
        }
    }
}

/// The product of two arrays.
struct Product;
/// Their sum.
struct Total;

impl Map<2> for Product {
    #[inline(always)]
    fn at<L: Lane>(&self, [x, y]: [L; 2]) -> L {
        x * y
    }
}

impl Map<2> for Total {
    #[inline(always)]
    fn at<L: Lane>(&self, [x, y]: [L; 2]) -> L {
        x + y
    }
}

struct Operation<'a, const K: usize, F>(F, [&'a [f64]; K]);

impl<const K: usize, F: Map<K>> Kernel for Operation<'_, K, F> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run<L: Lane>(self) -> Vec<f64> {
        let count = self.1[0].len();
        assert!(self.1.iter().all(|x| x.len() == count));
        let mut out = Vec::with_capacity(count);
        let spans = Spans { given: self.1.map(<[f64]>::as_ptr), out: out.as_mut_ptr(), count };
        // SAFETY: all are `count` long; all elements of `out` have been written when its length is set.
        unsafe {
            run::<K, L, _>(&self.0, &spans);
            out.set_len(count);
        }
        out
    }
}

fn step(step: Step, x: &[f64]) -> Vec<f64> {
    dispatch(Operation(step, [x]))
}

fn product(x: &[f64], y: &[f64]) -> Vec<f64> {
    dispatch(Operation(Product, [x, y]))
}

fn sigmoid(x: &[f64]) -> Vec<f64> {
    step(Step::Reciprocal, &step(Step::Plus(1.0), &step(Step::Exp, &step(Step::Negative, x))))
}

fn swish(x: &[f64]) -> Vec<f64> {
    product(x, &sigmoid(x))
}

fn gelu(x: &[f64]) -> Vec<f64> {
    let cube = product(&product(&step(Step::Times(0.044715), x), x), x);
    let z = step(Step::Times(0.797_884_560_802_865_4), &dispatch(Operation(Total, [x, &cube])));
    product(&step(Step::Times(0.5), x), &step(Step::Plus(1.0), &step(Step::Tanh, &z)))
}

fn relu_scale_bias(x: &[f64]) -> Vec<f64> {
    step(Step::Plus(0.5), &step(Step::Times(0.1), &step(Step::NotBelow(0.0), x)))
}

fn zscore(x: &[f64]) -> Vec<f64> {
    let found = moments(x);
    step(Step::Times(1.0 / found.variance().sqrt()), &step(Step::Plus(-found.mean), x))
}

/// `name(x, out=None)`, copied from the last array of a chain.
fn copied<'py>(
    chain: &fn(&[f64]) -> Vec<f64>,
    x: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    unary_prepared(x, 0, out, |_, spans| {
        // SAFETY: the arrays have been checked; the argument is no longer used when the answer is written.
        unsafe {
            let answer = chain(std::slice::from_raw_parts(spans.given[0], spans.count));
            std::ptr::copy_nonoverlapping(answer.as_ptr(), spans.out, spans.count);
        }
    })
}

functions_of_x! {
    /// `arrays_sigmoid_naive(x, out=None)`.
    arrays_sigmoid_naive = copied((sigmoid as fn(&[f64]) -> Vec<f64>));
    /// `arrays_swish_naive(x, out=None)`.
    arrays_swish_naive = copied((swish as fn(&[f64]) -> Vec<f64>));
    /// `arrays_gelu_naive(x, out=None)`.
    arrays_gelu_naive = copied((gelu as fn(&[f64]) -> Vec<f64>));
    /// `arrays_relu_scale_bias_naive(x, out=None)`.
    arrays_relu_scale_bias_naive = copied((relu_scale_bias as fn(&[f64]) -> Vec<f64>));
    /// `arrays_zscore_naive(x, out=None)`.
    arrays_zscore_naive = copied((zscore as fn(&[f64]) -> Vec<f64>));
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_sigmoid_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_swish_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_gelu_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_relu_scale_bias_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_zscore_naive, module)?)?;
    Ok(())
}
