//! The array in which a Python function sees the state: used again, as long as the function has not kept it.

use numpy::npyffi::{NPY_TYPES, PyArrayObject, flags};
use numpy::{PyArray1, PyArray2};
use pyo3::ffi;
use pyo3::prelude::*;

/// The array in which the state is handed over.
pub struct State<'py> {
    array: Bound<'py, PyAny>,
    n: usize,
    column: bool,
    /// Ablation: an array of its own for every call.
    fresh: bool,
}

impl<'py> State<'py> {
    /// An array (n,), or (n, 1) for a function that takes columns.
    pub fn new(py: Python<'py>, n: usize, column: bool, fresh: bool) -> Self {
        Self { array: Self::make(py, n, column), n, column, fresh }
    }

    fn make(py: Python<'py>, n: usize, column: bool) -> Bound<'py, PyAny> {
        if column {
            PyArray2::<f64>::zeros(py, [n, 1], false).into_any()
        } else {
            PyArray1::<f64>::zeros(py, n, false).into_any()
        }
    }

    /// The array, holding `y`.
    #[inline]
    pub fn holding(&mut self, y: &[f64]) -> &Bound<'py, PyAny> {
        if self.fresh || !self.untouched() {
            self.array = Self::make(self.array.py(), self.n, self.column);
        }
        let array = self.array.as_ptr().cast::<PyArrayObject>();
        // SAFETY: the array is ours alone, contiguous, and has room for n numbers: it is new or untouched.
        unsafe {
            let data = (*array).fields.data.cast::<f64>();
            std::ptr::copy_nonoverlapping(y.as_ptr(), data, self.n.min(y.len()));
        }
        &self.array
    }

    /// Whether nobody has kept the array, or a view of it, or changed its shape, type or flags.
    #[inline]
    fn untouched(&self) -> bool {
        let pointer = self.array.as_ptr();
        // SAFETY: it is an array, and its fields are those of NumPy's stable C interface.
        unsafe {
            if ffi::Py_REFCNT(pointer) != 1 {
                return false;
            }
            let fields = &(*pointer.cast::<PyArrayObject>()).fields;
            let wanted = flags::NPY_ARRAY_CARRAY | flags::NPY_ARRAY_OWNDATA;
            fields.nd == 1 + i32::from(self.column)
                && *fields.dimensions == self.n as isize
                && (!self.column || *fields.dimensions.add(1) == 1)
                && fields.flags & wanted == wanted
                && (*fields.descr).fields.type_num == NPY_TYPES::NPY_DOUBLE as i32
        }
    }
}
