//! A right-hand side in Python.
//!
//! One call costs a vectorcall and one float: the state goes into an array that is used again and again, as
//! long as the caller's function has not kept it. The interpreter's lock is held for the whole solve.

use std::ffi::c_char;

use numpy::npyffi::{NPY_TYPES, PyArrayObject, flags};
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyUntypedArrayMethods};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::system::{NotFinite, System};

unsafe extern "C" {
    /// In CPython since 3.9, in the limited API since 3.12: declared here for the versions between.
    fn PyObject_Vectorcall(
        callable: *mut ffi::PyObject,
        args: *const *mut ffi::PyObject,
        nargsf: usize,
        kwnames: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject;
}

/// The callee may use the slot before the arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

impl From<NotFinite> for PyErr {
    fn from(_: NotFinite) -> Self {
        PyValueError::new_err("array must not contain infs or NaNs")
    }
}

/// A function of (t, y, *extra).
pub struct Function<'py> {
    function: Bound<'py, PyAny>,
    /// A spare slot, t, y, and the extra arguments, which `_extra` keeps alive.
    slots: Vec<*mut ffi::PyObject>,
    _extra: Bound<'py, PyTuple>,
}

impl<'py> Function<'py> {
    /// A function, and what it is called with beside t and y.
    pub fn new(function: &Bound<'py, PyAny>, extra: &Bound<'py, PyTuple>) -> Self {
        let mut slots = vec![std::ptr::null_mut(); 3];
        slots.extend(extra.iter().map(|argument| argument.as_ptr()));
        Self { function: function.clone(), slots, _extra: extra.clone() }
    }

    /// Call it.
    #[inline]
    pub fn call(&mut self, t: f64, y: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = y.py();
        // SAFETY: the slots hold valid objects: t owned here, y and the extra arguments kept alive by their
        // owners. The slot before the first argument is ours to be written to, as the flag says.
        unsafe {
            let time = ffi::PyFloat_FromDouble(t);
            if time.is_null() {
                return Err(PyErr::fetch(py));
            }
            self.slots[1] = time;
            self.slots[2] = y.as_ptr();
            let count = (self.slots.len() - 1) | ARGUMENTS_OFFSET;
            let result = PyObject_Vectorcall(
                self.function.as_ptr(),
                self.slots.as_ptr().add(1),
                count,
                std::ptr::null_mut(),
            );
            ffi::Py_DecRef(time);
            Bound::from_owned_ptr_or_err(py, result)
        }
    }
}

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

/// Turns what a function returned into numbers.
pub struct Reader<'py> {
    array_type: *mut ffi::PyTypeObject,
    double_type: *mut ffi::PyTypeObject,
    as_floats: Bound<'py, PyAny>,
    /// Whether the last result was a plain number.
    pub scalar: bool,
}

impl<'py> Reader<'py> {
    /// `as_floats`: how any object becomes an array of float64, if it can.
    pub fn new(as_floats: &Bound<'py, PyAny>) -> PyResult<Self> {
        let numpy = as_floats.py().import("numpy")?;
        Ok(Self {
            array_type: numpy.getattr("ndarray")?.as_ptr().cast(),
            double_type: numpy.getattr("float64")?.as_ptr().cast(),
            as_floats: as_floats.clone(),
            scalar: false,
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
        if values.len() == 1 {
            out.fill(values[0]);
        } else if values.len() == n && (flatten || leading_ones) {
            out.copy_from_slice(&values);
        } else {
            return Err(wrong_shape(shape, &[n]));
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

fn wrong_shape(got: &[usize], want: &[usize]) -> PyErr {
    let text = |shape: &[usize]| {
        let inner: Vec<String> = shape.iter().map(usize::to_string).collect();
        format!("({}{})", inner.join(","), if shape.len() == 1 { "," } else { "" })
    };
    PyValueError::new_err(format!(
        "could not broadcast input array from shape {} into shape {}: the right-hand side (or Jacobian) must \
         return as many values as the state has",
        text(got),
        text(want)
    ))
}

/// A right-hand side, and perhaps a Jacobian, in Python.
pub struct Callback<'py> {
    fun: Function<'py>,
    jac: Option<Function<'py>>,
    state: State<'py>,
    plain: State<'py>,
    reader: Reader<'py>,
    vectorized: bool,
    warn_singular: Bound<'py, PyAny>,
}

impl<'py> Callback<'py> {
    /// `fun(t, y, *extra)` and `jac(t, y, *extra)` for `n` equations.
    pub fn new(
        fun: Function<'py>,
        jac: Option<Function<'py>>,
        n: usize,
        vectorized: bool,
        fresh: bool,
        conversions: (&Bound<'py, PyAny>, &Bound<'py, PyAny>),
    ) -> PyResult<Self> {
        let py = conversions.0.py();
        Ok(Self {
            fun,
            jac,
            state: State::new(py, n, vectorized, fresh),
            plain: State::new(py, n, false, fresh),
            reader: Reader::new(conversions.0)?,
            vectorized,
            warn_singular: conversions.1.clone(),
        })
    }
}

impl<'py> Callback<'py> {
    /// The interpreter.
    pub fn py(&self) -> Python<'py> {
        self.warn_singular.py()
    }
}

impl System for Callback<'_> {
    type Stop = PyErr;

    #[inline]
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) -> PyResult<()> {
        let result = self.fun.call(t, self.state.holding(y))?;
        self.reader.read(&result, self.vectorized, dy)
    }

    fn rhs_columns(&mut self, t: f64, n: usize, states: &[f64], out: &mut [f64]) -> PyResult<()> {
        if self.reader.scalar {
            return Err(PyIndexError::new_err(
                "too many indices for array: array is 0-dimensional, but 1 were indexed: for a Jacobian by \
                 finite differences the right-hand side has to return an array",
            ));
        }
        if !self.vectorized {
            for (y, dy) in states.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
                self.rhs(t, y, dy)?;
            }
            return Ok(());
        }
        let count = states.len() / n;
        let rows: Vec<f64> = (0..states.len()).map(|at| states[(at % count) * n + at / count]).collect();
        let py = self.py();
        let argument = PyArray1::from_vec(py, rows).reshape([n, count])?.into_any();
        let result = self.fun.call(t, &argument)?;
        let values = self.reader.matrix(&result, [n, count])?;
        for (at, value) in values.iter().enumerate() {
            out[(at % count) * n + at / count] = *value;
        }
        Ok(())
    }

    fn jacobian(&mut self, t: f64, y: &[f64], columns: &mut [f64]) -> PyResult<bool> {
        let Some(jac) = &mut self.jac else { return Ok(false) };
        let n = y.len();
        let result = jac.call(t, self.plain.holding(y))?;
        let rows = self.reader.matrix(&result, [n, n])?;
        for (at, value) in rows.iter().enumerate() {
            columns[(at % n) * n + at / n] = *value;
        }
        Ok(true)
    }

    fn singular(&mut self, pivot: usize) -> PyResult<()> {
        self.warn_singular.call1((pivot,)).map(drop)
    }
}
