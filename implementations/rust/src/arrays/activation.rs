//! Fused chains of element functions: sigmoid, swish, gelu, relu and scaling.

use super::bind::{functions_of_x, unary, unary_parallel};
use super::elementwise::Map;
use super::vector::{Lane, exp};
use pyo3::prelude::*;

/// 1 / (1 + exp(-x)).
pub struct Sigmoid;
/// x / (1 + exp(-x)).
pub struct Swish;
/// x / (1 + exp(-2 z)), which is x (1 + tanh z) / 2, with z = sqrt(2/pi) (x + 0.044715 x^3).
pub struct Gelu;
/// max(x, 0) * 0.1 + 0.5.
pub struct ReluScaleBias;

#[inline(always)]
fn one<L: Lane>() -> L {
    L::splat(1.0)
}

impl Map<1> for Sigmoid {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        one::<L>() / (one::<L>() + exp(-x))
    }
}

impl Map<1> for Swish {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x / (one::<L>() + exp(-x))
    }
}

impl Map<1> for Gelu {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        const ROOTS: f64 = -1.595_769_121_605_730_8; // -2 sqrt(2 / pi)
        let z = (x * x).fma(x * L::splat(0.044715), x);
        x / (one::<L>() + exp(z * L::splat(ROOTS)))
    }
}

impl Map<1> for ReluScaleBias {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        L::splat(0.0).max(x).fma(L::splat(0.1), L::splat(0.5))
    }
}

functions_of_x! {
    /// `arrays_sigmoid(x, out=None)`.
    arrays_sigmoid = unary(Sigmoid);
    /// `arrays_swish(x, out=None)`.
    arrays_swish = unary(Swish);
    /// `arrays_gelu(x, out=None)`.
    arrays_gelu = unary(Gelu);
    /// `arrays_relu_scale_bias(x, out=None)`.
    arrays_relu_scale_bias = unary(ReluScaleBias);
    /// `arrays_sigmoid_rayon(x, out=None)`.
    arrays_sigmoid_rayon = unary_parallel(Sigmoid);
    /// `arrays_swish_rayon(x, out=None)`.
    arrays_swish_rayon = unary_parallel(Swish);
    /// `arrays_gelu_rayon(x, out=None)`.
    arrays_gelu_rayon = unary_parallel(Gelu);
    /// `arrays_relu_scale_bias_rayon(x, out=None)`.
    arrays_relu_scale_bias_rayon = unary_parallel(ReluScaleBias);
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_sigmoid, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_swish, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_gelu, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_relu_scale_bias, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sigmoid_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_swish_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_gelu_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_relu_scale_bias_rayon, module)?)?;
    Ok(())
}
