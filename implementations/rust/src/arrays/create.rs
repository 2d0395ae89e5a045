//! New arrays: what they cost is the call, the allocator and the first touch of every page.

use super::arguments::{InPlace, Target};
use super::bind::{Answer, Out};
use super::scalars::{count, number};
use pyo3::prelude::*;

fn filled<'py>(n: &Bound<'py, PyAny>, out: Out<'_, 'py>, value: f64) -> Answer<'py> {
    let mut target: Target = Target::new(n.py(), out, &[count("n", n)?], &[], InPlace::No)?;
    target.values_mut().fill(value);
    target.finish()
}

/// `arrays_zeros(n, out=None)`.
#[pyfunction]
#[pyo3(signature = (n, out=None))]
pub fn arrays_zeros<'py>(n: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    filled(n, out, 0.0)
}

/// `arrays_ones(n, out=None)`.
#[pyfunction]
#[pyo3(signature = (n, out=None))]
pub fn arrays_ones<'py>(n: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    filled(n, out, 1.0)
}

/// Evenly spaced values from start to stop, both included, each rounded as NumPy rounds it.
pub fn linspace(start: f64, stop: f64, values: &mut [f64]) {
    let Some(last) = values.len().checked_sub(1) else { return };
    let (difference, intervals) = (stop - start, last as f64);
    let step = difference / intervals;
    if last == 0 {
        values[0] = 0.0 * difference + start;
        return;
    }
    for (i, value) in values.iter_mut().enumerate() {
        // A step too small to be a number: the difference is multiplied out first.
        let way = if step == 0.0 { i as f64 / intervals * difference } else { i as f64 * step };
        *value = way + start;
    }
    values[last] = stop;
}

/// `arrays_linspace(start, stop, n, out=None)`.
#[pyfunction]
#[pyo3(signature = (start, stop, n, out=None))]
pub fn arrays_linspace<'py>(
    start: &Bound<'py, PyAny>,
    stop: &Bound<'py, PyAny>,
    n: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    let (start, stop) = (number("start", start)?, number("stop", stop)?);
    let mut target: Target = Target::new(n.py(), out, &[count("n", n)?], &[], InPlace::No)?;
    linspace(start, stop, target.values_mut());
    target.finish()
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_zeros, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_ones, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_linspace, module)?)?;
    Ok(())
}
