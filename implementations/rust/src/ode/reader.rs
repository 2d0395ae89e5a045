//! From what a Python function returns to numbers, as `numpy.asarray(result, dtype=float)` would have it.

use std::ffi::c_char;

use numpy::npyffi::{NPY_TYPES, PyArrayObject, flags};
use numpy::{PyArrayMethods, PyUntypedArrayMethods};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

/// Turns what a function returned into numbers.
pub struct Reader<'py> {
    array_type: *mut ffi::PyTypeObject,
    double_type: *mut ffi::PyTypeObject,
    as_floats: Bound<'py, PyAny>,
    /// Whether the last result was a plain number.
    pub scalar: bool,
    /// Set where a result of two or more dimensions is refused, and not broadcast.
    pub matrices_refused: Option<Refusal>,
}

/// The error for a shape.
pub type Refusal = fn(&[usize]) -> PyErr;

impl<'py> Reader<'py> {
    /// `as_floats`: how any object becomes an array of float64, if it can.
    pub fn new(as_floats: &Bound<'py, PyAny>) -> PyResult<Self> {
        let numpy = as_floats.py().import("numpy")?;
        Ok(Self {
            array_type: numpy.getattr("ndarray")?.as_ptr().cast(),
            double_type: numpy.getattr("float64")?.as_ptr().cast(),
            as_floats: as_floats.clone(),
            scalar: false,
            matrices_refused: None,
        })
    }

    /// Write the result of a call into `out`: as `numpy.asarray(result, dtype=float)` and broadcasting would.
    #[inline]
    pub fn read(&mut self, result: &Bound<'py, PyAny>, flatten: bool, out: &mut [f64]) -> PyResult<()> {
        let pointer = result.as_ptr();
        // SAFETY: type checks on a valid object.
        let kind = unsafe { ffi::Py_TYPE(pointer) };
        let done = if kind == self.array_type {
            // SAFETY: its type is exactly that of arrays.
            unsafe { copy_array(pointer, out) }
        } else if !flatten {
            // SAFETY: a valid object, asked for its kind before its items.
            unsafe { self.copy_items(pointer, out) }
        } else {
            false
        };
        if done { Ok(()) } else { self.convert(result, flatten, out) }
    }

    /// Copy a list or tuple of plain numbers; `false` if it is anything else.
    ///
    /// # Safety
    /// `pointer` is a valid object.
    #[inline]
    unsafe fn copy_items(&self, pointer: *mut ffi::PyObject, out: &mut [f64]) -> bool {
        // SAFETY: items are borrowed from a list or tuple of known length, and no code of the caller runs
        // between taking an item and reading it: only plain numbers are read.
        unsafe {
            let list = ffi::PyList_CheckExact(pointer) != 0;
            if !list && ffi::PyTuple_CheckExact(pointer) == 0 {
                return false;
            }
            let size = if list { ffi::PyList_Size(pointer) } else { ffi::PyTuple_Size(pointer) };
            if size != out.len() as isize {
                return false;
            }
            for (i, value) in out.iter_mut().enumerate() {
                let i = i as isize;
                let item =
                    if list { ffi::PyList_GetItem(pointer, i) } else { ffi::PyTuple_GetItem(pointer, i) };
                let kind = ffi::Py_TYPE(item);
                let float = kind == self.double_type || kind == &raw mut ffi::PyFloat_Type;
                if !float && kind != &raw mut ffi::PyLong_Type {
                    return false;
                }
                *value = ffi::PyFloat_AsDouble(item);
                if !float && *value == -1.0 && !ffi::PyErr_Occurred().is_null() {
                    ffi::PyErr_Clear();
                    return false;
                }
            }
            true
        }
    }

    #[cold]
    fn convert(&mut self, result: &Bound<'py, PyAny>, flatten: bool, out: &mut [f64]) -> PyResult<()> {
        let array = self.as_floats.call1((result,))?;
        let array = array.cast::<numpy::PyArrayDyn<f64>>()?;
        let (n, shape) = (out.len(), array.shape());
        let values = array.to_vec_in_order()?;
        let leading_ones = shape.len() <= 1 || shape[..shape.len() - 1].iter().all(|&length| length == 1);
        self.scalar = shape.is_empty() && !flatten;
        if values.len() != 1 && (values.len() != n || !(flatten || leading_ones)) {
            return Err(wrong_shape(shape, &[n]));
        }
        if let (Some(refusal), 2.., false) = (self.matrices_refused, shape.len(), flatten) {
            return Err(refusal(shape));
        }
        if values.len() == 1 {
            out.fill(values[0]);
        } else {
            out.copy_from_slice(&values);
        }
        Ok(())
    }

    /// The values of a result that must have exactly this shape, row by row.
    pub fn matrix(&self, result: &Bound<'py, PyAny>, shape: [usize; 2]) -> PyResult<Vec<f64>> {
        let array = self.as_floats.call1((result,))?;
        let array = array.cast::<numpy::PyArrayDyn<f64>>()?;
        if array.shape() != shape {
            return Err(wrong_shape(array.shape(), &shape));
        }
        array.to_vec_in_order()
    }
}

trait InOrder {
    fn to_vec_in_order(&self) -> PyResult<Vec<f64>>;
}

impl InOrder for Bound<'_, numpy::PyArrayDyn<f64>> {
    /// The values row by row, whatever the strides.
    fn to_vec_in_order(&self) -> PyResult<Vec<f64>> {
        // SAFETY: nothing else runs while they are copied.
        Ok(unsafe { self.as_array() }.iter().copied().collect())
    }
}

/// Copy an array (n,) of float64; `false` if it is anything else.
///
/// # Safety
/// `pointer` is an array.
#[inline]
unsafe fn copy_array(pointer: *mut ffi::PyObject, out: &mut [f64]) -> bool {
    // SAFETY: by the contract; the type, alignment, shape and strides are checked before the data is read.
    unsafe {
        let fields = &(*pointer.cast::<PyArrayObject>()).fields;
        let descr = &(*fields.descr).fields;
        let plain = descr.type_num == NPY_TYPES::NPY_DOUBLE as i32
            && (descr.byteorder == b'=' as c_char)
            && fields.flags & flags::NPY_ARRAY_ALIGNED != 0;
        if !plain || fields.nd != 1 || *fields.dimensions != out.len() as isize {
            return false;
        }
        let stride = *fields.strides;
        if stride == 8 {
            std::ptr::copy_nonoverlapping(fields.data.cast::<f64>(), out.as_mut_ptr(), out.len());
        } else {
            for (i, value) in out.iter_mut().enumerate() {
                *value = *fields.data.offset(i as isize * stride).cast::<f64>();
            }
        }
        true
    }
}

/// What is said of a matrix where SciPy solves with the result, or indexes it.
pub fn matrix_refused(got: &[usize]) -> PyErr {
    PyValueError::new_err(format!(
        "the right-hand side returned shape {}: one dimension is needed",
        text(got)
    ))
}

/// The same where SciPy takes finite differences.
pub fn matrix_not_indexed(got: &[usize]) -> PyErr {
    match got.len() {
        2 => PyIndexError::new_err(format!(
            "too many indices: the right-hand side returned shape {}, and one dimension is needed",
            text(got)
        )),
        _ => matrix_refused(got),
    }
}

fn text(shape: &[usize]) -> String {
    let inner: Vec<String> = shape.iter().map(usize::to_string).collect();
    format!("({}{})", inner.join(","), if shape.len() == 1 { "," } else { "" })
}

fn wrong_shape(got: &[usize], want: &[usize]) -> PyErr {
    PyValueError::new_err(format!(
        "could not broadcast input array from shape {} into shape {}: the right-hand side (or Jacobian) must \
         return as many values as the state has",
        text(got),
        text(want)
    ))
}
