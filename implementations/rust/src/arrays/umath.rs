//! Functions of each element: exp, log, sin, cos, tanh, sqrt.

use super::bind::{functions_of_x, unary, unary_parallel};
use super::elementwise::Map;
use super::vector::{self, Lane, SIN_LIMIT};
use pyo3::prelude::*;

/// The exponential function.
pub struct Exp;
/// The natural logarithm.
pub struct Log;
/// The hyperbolic tangent.
pub struct Tanh;
/// The square root.
pub struct Sqrt;
/// The sine.
pub struct Sin;
/// The cosine.
pub struct Cos;

/// A map of one element by a function of a lane.
macro_rules! map_of_one {
    ($($map:ident => $function:path;)*) => {$(
        impl Map<1> for $map {
            #[inline(always)]
            fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
                $function(x)
            }
        }
    )*};
}

/// The same for a function that is right within `SIN_LIMIT`; the C library's beyond.
macro_rules! map_of_angle {
    ($($map:ident => $function:path, $beyond:path;)*) => {$(
        impl Map<1> for $map {
            const GUARDED: bool = true;
            #[inline(always)]
            fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
                $function(x)
            }
            #[inline(always)]
            fn guard<L: Lane>(&self, [x]: [L; 1]) -> (L, f64) {
                (x, SIN_LIMIT)
            }
            fn rare(&self, [x]: [f64; 1]) -> f64 {
                $beyond(x)
            }
        }
    )*};
}

map_of_one! {
    Exp => vector::exp;
    Log => vector::log;
    Tanh => vector::tanh;
    Sqrt => L::sqrt;
}
map_of_angle! {
    Sin => vector::sin, f64::sin;
    Cos => vector::cos, f64::cos;
}

/// A function of one number, as the C library has it, a number at a time.
pub struct Libm(pub fn(f64) -> f64);

impl Map<1> for Libm {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x.each(self.0)
    }
}

functions_of_x! {
    /// `arrays_exp(x, out=None)`.
    arrays_exp = unary(Exp);
    /// `arrays_log(x, out=None)`.
    arrays_log = unary(Log);
    /// `arrays_tanh(x, out=None)`.
    arrays_tanh = unary(Tanh);
    /// `arrays_sqrt(x, out=None)`.
    arrays_sqrt = unary(Sqrt);
    /// `arrays_sin(x, out=None)`.
    arrays_sin = unary(Sin);
    /// `arrays_cos(x, out=None)`.
    arrays_cos = unary(Cos);
    /// `arrays_exp_rayon(x, out=None)`.
    arrays_exp_rayon = unary_parallel(Exp);
    /// `arrays_log_rayon(x, out=None)`.
    arrays_log_rayon = unary_parallel(Log);
    /// `arrays_tanh_rayon(x, out=None)`.
    arrays_tanh_rayon = unary_parallel(Tanh);
    /// `arrays_sqrt_rayon(x, out=None)`.
    arrays_sqrt_rayon = unary_parallel(Sqrt);
    /// `arrays_sin_rayon(x, out=None)`.
    arrays_sin_rayon = unary_parallel(Sin);
    /// `arrays_cos_rayon(x, out=None)`.
    arrays_cos_rayon = unary_parallel(Cos);
    /// `arrays_exp_libm(x, out=None)`.
    arrays_exp_libm = unary(Libm(f64::exp));
    /// `arrays_log_libm(x, out=None)`.
    arrays_log_libm = unary(Libm(f64::ln));
    /// `arrays_tanh_libm(x, out=None)`.
    arrays_tanh_libm = unary(Libm(f64::tanh));
    /// `arrays_sin_libm(x, out=None)`.
    arrays_sin_libm = unary(Libm(f64::sin));
    /// `arrays_cos_libm(x, out=None)`.
    arrays_cos_libm = unary(Libm(f64::cos));
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_exp, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_log, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_tanh, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sqrt, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sin, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_cos, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_exp_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_log_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_tanh_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sqrt_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sin_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_cos_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_exp_libm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_log_libm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_tanh_libm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sin_libm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_cos_libm, module)?)?;
    Ok(())
}
