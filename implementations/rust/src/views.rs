//! Taking NumPy arrays apart: slices of rows whose width the compiler knows.

use numpy::{PyArrayDyn, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::{Borrowed, CastError};

/// A float64 array that is read.
///
/// The `numpy` crate's own readonly and readwrite views count their borrows in a table that all extensions
/// share: 0.2 us a call for five arrays, as much as five days of GR6J. The kernels do without,
/// for they are private to this package: its validator hands them arrays that it has made itself to be filled,
/// and arrays of the caller to be read; the interpreter's lock is held until the kernel returns.
pub struct Read<'py>(Bound<'py, PyArrayDyn<f64>>);
/// A float64 array that is filled, and that nobody else has hold of.
pub struct Write<'py>(Bound<'py, PyArrayDyn<f64>>);

impl Read<'_> {
    /// The values; an error where they are not contiguous.
    pub fn as_slice(&self) -> PyResult<&[f64]> {
        // SAFETY: nothing writes to it while a kernel runs (see above).
        unsafe { self.0.as_slice() }.map_err(Into::into)
    }
}

impl Write<'_> {
    /// The values, to be filled; an error where they are not contiguous.
    pub fn as_slice_mut(&mut self) -> PyResult<&mut [f64]> {
        // SAFETY: the validator made it for this call alone (see above).
        unsafe { self.0.as_slice_mut() }.map_err(Into::into)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Read<'py> {
    type Error = CastError<'a, 'py>;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        Ok(Self(object.cast::<PyArrayDyn<f64>>()?.to_owned()))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Write<'py> {
    type Error = CastError<'a, 'py>;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        Ok(Self(object.cast::<PyArrayDyn<f64>>()?.to_owned()))
    }
}

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
