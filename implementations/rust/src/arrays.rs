//! Taking NumPy arrays apart: slices of rows whose width the compiler knows.

use numpy::{PyReadonlyArrayDyn, PyReadwriteArrayDyn};
use pyo3::PyResult;
use pyo3::exceptions::PyValueError;

/// A float64 array that is read.
pub type Read<'py> = PyReadonlyArrayDyn<'py, f64>;
/// A float64 array that is filled.
pub type Write<'py> = PyReadwriteArrayDyn<'py, f64>;

/// The values as a vector of known length.
pub fn vector<'a, const N: usize>(array: &'a Read<'_>) -> PyResult<&'a [f64; N]> {
    array.as_slice()?.try_into().map_err(|_| wrong_width(N))
}

/// The values as a vector of known length, to be changed.
pub fn vector_mut<'a, const N: usize>(array: &'a mut Write<'_>) -> PyResult<&'a mut [f64; N]> {
    array.as_slice_mut()?.try_into().map_err(|_| wrong_width(N))
}

/// The values as rows of known width, to be filled.
pub fn rows_mut<'a, const N: usize>(array: &'a mut Write<'_>) -> PyResult<&'a mut [[f64; N]]> {
    match array.as_slice_mut()?.as_chunks_mut() {
        (rows, []) => Ok(rows),
        _ => Err(wrong_width(N)),
    }
}

/// The error of a caller that has not checked its arrays.
pub fn wrong_width(width: usize) -> pyo3::PyErr {
    PyValueError::new_err(format!("expected {width} values a row"))
}
