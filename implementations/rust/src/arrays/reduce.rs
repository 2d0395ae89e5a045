//! Full reductions: sum, norm, variance, weighted mean, covariance, mean squared error.

use super::arguments::{Given, scalar};
use super::fold::{Fold, SquaredDifferences, Squares, Sum, fold};
use super::moments::{Moments, co_moments, moments, weighted_mean};
use super::share::share_chunks;
use pyo3::prelude::*;

type Number<'py> = PyResult<Bound<'py, PyAny>>;

/// Elements that are worth a task of their own.
const TASK: usize = 65_536;

fn of_one<'py>(x: &Bound<'py, PyAny>, f: impl FnOnce(&[f64]) -> f64) -> Number<'py> {
    let x = Given::new("x", x)?;
    scalar(x.py(), f(x.values()))
}

fn of_two<'py>(
    names: [&str; 2],
    x: &Bound<'py, PyAny>,
    y: &Bound<'py, PyAny>,
    f: impl FnOnce(&[f64], &[f64]) -> f64,
) -> Number<'py> {
    let x = Given::new(names[0], x)?;
    let y = Given::like(names[1], y, names[0], &x)?;
    scalar(x.py(), f(x.values(), y.values()))
}

/// The elements of a task.
fn task(x: &[f64], k: usize) -> &[f64] {
    &x[k * TASK..x.len().min((k + 1) * TASK)]
}

/// A fold on several threads; parts are joined from left to right, so that answers are repeated.
fn fold_parallel(f: &(impl Fold<1> + Sync), x: &[f64]) -> f64 {
    let mut parts = vec![0.0; x.len().div_ceil(TASK)];
    share_chunks(&mut parts, 1, |k, part| part[0] = fold(f, [task(x, k)]));
    parts.into_iter().fold(f.start(), |one, other| f.join(one, other))
}

fn moments_parallel(x: &[f64]) -> Moments {
    let mut parts = vec![Moments::default(); x.len().div_ceil(TASK)];
    share_chunks(&mut parts, 1, |k, part| part[0] = moments(task(x, k)));
    parts.into_iter().fold(Moments::default(), Moments::and)
}

/// Welford's update: a division an element, each waiting for the one before.
fn welford(x: &[f64]) -> f64 {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    for &value in x {
        count += 1.0;
        let off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
    }
    squares / count
}

/// Functions of one array that return a number.
macro_rules! numbers_of_x {
    ($($(#[$doc:meta])* $name:ident = $f:expr;)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        pub fn $name<'py>(x: &Bound<'py, PyAny>) -> Number<'py> {
            of_one(x, $f)
        }
    )*};
}

numbers_of_x! {
    /// `arrays_sum(x)`.
    arrays_sum = |x| fold(&Sum, [x]);
    /// `arrays_norm(x)`.
    arrays_norm = |x| fold(&Squares, [x]).sqrt();
    /// `arrays_var(x)`.
    arrays_var = |x| moments(x).variance();
    /// `arrays_std(x)`.
    arrays_std = |x| moments(x).variance().sqrt();
    /// `arrays_sum_naive(x)`: one sum, each addition waiting for the one before.
    arrays_sum_naive = |x| x.iter().sum();
    /// `arrays_norm_naive(x)`: the squares in an array of their own, then one sum.
    arrays_norm_naive = |x| x.iter().map(|v| v * v).collect::<Vec<_>>().iter().sum::<f64>().sqrt();
    /// `arrays_var_naive(x)`: as NumPy does it, an array for the deviations, one for their squares.
    arrays_var_naive = var_naive;
    /// `arrays_std_naive(x)`: the root of that.
    arrays_std_naive = |x| var_naive(x).sqrt();
    /// `arrays_var_welford(x)`.
    arrays_var_welford = welford;
    /// `arrays_std_welford(x)`.
    arrays_std_welford = |x| welford(x).sqrt();
    /// `arrays_sum_rayon(x)`.
    arrays_sum_rayon = |x| fold_parallel(&Sum, x);
    /// `arrays_norm_rayon(x)`.
    arrays_norm_rayon = |x| fold_parallel(&Squares, x).sqrt();
    /// `arrays_var_rayon(x)`.
    arrays_var_rayon = |x| moments_parallel(x).variance();
    /// `arrays_std_rayon(x)`.
    arrays_std_rayon = |x| moments_parallel(x).variance().sqrt();
}

fn var_naive(x: &[f64]) -> f64 {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    let off: Vec<f64> = x.iter().map(|value| value - mean).collect();
    let squares: Vec<f64> = off.iter().map(|value| value * value).collect();
    squares.iter().sum::<f64>() / x.len() as f64
}

/// `arrays_weighted_mean(x, w)`.
#[pyfunction]
pub fn arrays_weighted_mean<'py>(x: &Bound<'py, PyAny>, w: &Bound<'py, PyAny>) -> Number<'py> {
    of_two(["x", "w"], x, w, weighted_mean)
}

/// `arrays_covariance(x, y)`.
#[pyfunction]
pub fn arrays_covariance<'py>(x: &Bound<'py, PyAny>, y: &Bound<'py, PyAny>) -> Number<'py> {
    of_two(["x", "y"], x, y, |x, y| {
        let found = co_moments(x, y);
        found.products / found.count
    })
}

/// `arrays_mse(a, b)`.
#[pyfunction]
pub fn arrays_mse<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> Number<'py> {
    of_two(["a", "b"], a, b, |a, b| fold(&SquaredDifferences, [a, b]) / a.len() as f64)
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_sum, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_norm, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_var, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_std, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sum_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_norm_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_var_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_std_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_var_welford, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_std_welford, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sum_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_norm_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_var_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_std_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_weighted_mean, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_covariance, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_mse, module)?)?;
    Ok(())
}
