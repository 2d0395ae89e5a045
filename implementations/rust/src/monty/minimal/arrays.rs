//! Taking float32 arrays apart; `crate::views` says why without counting borrows.

use crate::views::wrong_width;
use numpy::{PyArrayDyn, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::{Borrowed, CastError};

/// Observations: x, y, z and a feature.
pub type Observation = [f32; 4];

/// A float32 array that is read.
pub struct Points<'py>(Bound<'py, PyArrayDyn<f32>>);
/// A float32 array that is filled, and that nobody else has hold of.
pub struct Column<'py>(Bound<'py, PyArrayDyn<f32>>);

impl Points<'_> {
    /// The rows; an error where the array is not contiguous, or not four wide.
    pub fn rows(&self) -> PyResult<&[Observation]> {
        // SAFETY: nothing writes to it while a kernel runs: kernels hold the interpreter's lock, and the
        // validator has made every array that is filled for one call alone.
        let values = unsafe { self.0.as_slice() }?;
        match values.as_chunks() {
            (rows, []) => Ok(rows),
            _ => Err(wrong_width(4)),
        }
    }
}

impl Column<'_> {
    /// The values, to be filled; an error where they are not contiguous.
    pub fn values(&mut self) -> PyResult<&mut [f32]> {
        // SAFETY: the validator made it for this call alone (see above).
        unsafe { self.0.as_slice_mut() }.map_err(Into::into)
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Points<'py> {
    type Error = CastError<'a, 'py>;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        Ok(Self(object.cast::<PyArrayDyn<f32>>()?.to_owned()))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Column<'py> {
    type Error = CastError<'a, 'py>;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> Result<Self, Self::Error> {
        Ok(Self(object.cast::<PyArrayDyn<f32>>()?.to_owned()))
    }
}
