//! Calling a Python function at the least cost: one vectorcall, one new float.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

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
