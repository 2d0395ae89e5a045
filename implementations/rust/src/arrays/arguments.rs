//! Arguments of array functions: what is plain is taken at once, what is not goes to `arrays/_checks.py`.
//!
//! A float64 array that is C-contiguous and aligned is used as it is, in some nanoseconds: its type and its
//! descriptor are compared by address. All else is handed to the Python function that all implementations
//! share: it raises the error that they all raise, or returns an array that can be used. The interpreter's
//! lock is held until the kernel returns: nobody touches the arrays.

use numpy::npyffi::{
    NPY_ARRAY_ALIGNED, NPY_ARRAY_C_CONTIGUOUS, NPY_ARRAY_WRITEABLE, PyArray_CheckExact, PyArray_Descr,
    npy_intp,
};
use numpy::{
    Complex64, Element, PY_ARRAY_API, PyArrayDescr, PyArrayDyn, PyArrayMethods, PyUntypedArrayMethods, dtype,
};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyModule, PyTuple};

type Array<'py, T> = Bound<'py, PyArrayDyn<T>>;

/// What elements of arrays are: numbers for which NumPy has one descriptor that lives as long as it does.
pub trait Number: Element {
    /// That descriptor: what NumPy gives every array of them that nobody has given another.
    fn descriptor(py: Python<'_>) -> *mut PyArray_Descr;
}

/// Asked of NumPy once: its function takes as long as all else that a plain array is asked.
macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Number for $number {
            #[inline]
            fn descriptor(py: Python<'_>) -> *mut PyArray_Descr {
                static FOUND: PyOnceLock<Py<PyArrayDescr>> = PyOnceLock::new();
                FOUND.get_or_init(py, || dtype::<$number>(py).unbind()).as_ptr().cast()
            }
        }
    )*};
}
numbers! { f64 i64 Complex64 }

/// An argument that is read: an array of float64, unless said otherwise.
pub struct Given<'a, 'py, T: Number = f64> {
    asked: &'a Bound<'py, PyAny>,
    array: Read<'a, 'py, T>,
}

/// The array that is read: what was passed, or what Python has made of it.
enum Read<'a, 'py, T: Number> {
    Asked(&'a Array<'py, T>),
    Made(Array<'py, T>),
}

/// Where the answer goes.
pub struct Target<'py, T: Number = f64> {
    array: Array<'py, T>,
    /// What the caller passed, where the answer must be copied there.
    asked: Option<Bound<'py, PyAny>>,
}

/// Whether the answer may be written where an argument is read, element by element.
#[derive(Clone, Copy, PartialEq)]
pub enum InPlace {
    /// Element i of the answer depends on element i of the arguments only.
    Yes,
    /// It may not: an error.
    No,
}

/// An array of these elements, if that is what was passed, with all of these flags.
#[inline]
fn plain<'a, 'py, T: Number>(asked: &'a Bound<'py, PyAny>, wanted: i32) -> Option<&'a Array<'py, T>> {
    // SAFETY: the object is alive. Its fields are read where its type is that of arrays itself, and it is
    // taken for an array of T where its descriptor is the one that arrays of T have.
    let array = unsafe {
        if PyArray_CheckExact(asked.py(), asked.as_ptr()) == 0 {
            return subclassed(asked, wanted);
        }
        let array = asked.cast_unchecked::<PyArrayDyn<T>>();
        if (*array.as_array_ptr()).fields.descr != T::descriptor(asked.py()) {
            return subclassed(asked, wanted);
        }
        array
    };
    (flags(array) & wanted == wanted).then_some(array)
}

/// The same where the type or the descriptor is another: a memory map, a descriptor with metadata.
#[cold]
fn subclassed<'a, 'py, T: Number>(asked: &'a Bound<'py, PyAny>, wanted: i32) -> Option<&'a Array<'py, T>> {
    asked.cast::<PyArrayDyn<T>>().ok().filter(|array| flags(array) & wanted == wanted)
}

fn flags<T: Number>(array: &Array<'_, T>) -> i32 {
    // SAFETY: the pointer is that of a live array.
    unsafe { (*array.as_array_ptr()).fields.flags }
}

/// A function of `arrays/_checks.py`.
pub fn checks<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = MODULE
        .get_or_try_init(py, || PyModule::import(py, "paceline_models.arrays._checks").map(Bound::unbind))?;
    module.bind(py).getattr(name)
}

impl<'a, 'py, T: Number> Given<'a, 'py, T> {
    /// An array of any number of dimensions.
    #[inline]
    pub fn new(name: &str, asked: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        match plain(asked, NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED) {
            Some(array) => Ok(Self { asked, array: Read::Asked(array) }),
            None => Self::made(name, asked),
        }
    }

    /// What Python makes of what is not plain, or its error.
    #[cold]
    fn made(name: &str, asked: &'a Bound<'py, PyAny>) -> PyResult<Self> {
        let py = asked.py();
        let array = checks(py, "contiguous")?.call1((name, asked, py.None(), dtype::<T>(py)))?;
        Ok(Self { asked, array: Read::Made(array.cast_into::<PyArrayDyn<T>>()?) })
    }

    #[inline]
    fn array(&self) -> &Array<'py, T> {
        match &self.array {
            Read::Asked(array) => array,
            Read::Made(array) => array,
        }
    }

    /// An array of `ndim` dimensions.
    pub fn with_ndim(name: &str, asked: &'a Bound<'py, PyAny>, ndim: usize) -> PyResult<Self> {
        let given = Self::new(name, asked)?;
        if given.array().ndim() != ndim {
            checks(asked.py(), "array")?.call1((name, asked, ndim, dtype::<T>(asked.py())))?; // raises
        }
        Ok(given)
    }

    /// An array of the same shape as another.
    pub fn like(name: &str, asked: &'a Bound<'py, PyAny>, other: &str, model: &Self) -> PyResult<Self> {
        let given = Self::new(name, asked)?;
        if given.shape() != model.shape() {
            checks(asked.py(), "same_shape")?.call1((name, asked, other, model.asked))?; // raises
        }
        Ok(given)
    }

    /// A vector, or a matrix' row, of a length that another argument gives.
    pub fn of_length(name: &str, asked: &'a Bound<'py, PyAny>, length: usize) -> PyResult<Self> {
        let given = Self::new(name, asked)?;
        if given.shape() != [length] {
            checks(asked.py(), "shaped")?.call1((name, asked, (length,)))?; // raises
        }
        Ok(given)
    }

    /// An error where there are fewer elements than the function needs.
    pub fn at_least(self, name: &str, count: usize) -> PyResult<Self> {
        if self.count() < count {
            checks(self.asked.py(), "at_least")?.call1((name, self.asked, count))?; // raises
        }
        Ok(self)
    }

    /// The interpreter.
    pub fn py(&self) -> Python<'py> {
        self.asked.py()
    }

    /// Its shape.
    pub fn shape(&self) -> &[usize] {
        self.array().shape()
    }

    /// Rows and columns of a matrix (`with_ndim`).
    pub fn sides(&self) -> [usize; 2] {
        [self.shape()[0], self.shape()[1]]
    }

    /// Number of elements.
    pub fn count(&self) -> usize {
        self.shape().iter().product()
    }

    /// Where its elements are.
    pub fn pointer(&self) -> *const T {
        self.array().data()
    }

    /// Its elements; not to be used beside those of a target that may be the same array.
    pub fn values(&self) -> &[T] {
        // SAFETY: the array is contiguous and aligned, and nobody writes to it while it is borrowed.
        unsafe { std::slice::from_raw_parts(self.pointer(), self.count()) }
    }
}

impl<'py, T: Number> Target<'py, T> {
    /// A new array where `out` is None, else `out`, or an array whose elements `finish` copies there.
    pub fn new(
        py: Python<'py>,
        out: Option<&Bound<'py, PyAny>>,
        shape: &[usize],
        given: &[&dyn Argument<'py>],
        in_place: InPlace,
    ) -> PyResult<Self> {
        let Some(out) = out else {
            return Ok(Self { array: empty(py, shape)?, asked: None });
        };
        let wanted = NPY_ARRAY_C_CONTIGUOUS | NPY_ARRAY_ALIGNED | NPY_ARRAY_WRITEABLE;
        if let Some(array) = plain(out, wanted)
            && array.shape() == shape
            && given.iter().all(|x| apart(*x, array, in_place))
        {
            return Ok(Self { array: array.clone(), asked: None });
        }
        Self::made(py, out, shape, given, in_place)
    }

    /// What Python makes of an `out` that cannot be filled as it is, or its error.
    #[cold]
    fn made(
        py: Python<'py>,
        out: &Bound<'py, PyAny>,
        shape: &[usize],
        given: &[&dyn Argument<'py>],
        in_place: InPlace,
    ) -> PyResult<Self> {
        let shape = PyTuple::new(py, shape)?;
        let asked = PyTuple::new(py, given.iter().map(|x| x.asked()))?;
        let array =
            checks(py, "target")?.call1((out, shape, asked, in_place == InPlace::Yes, dtype::<T>(py)))?;
        Ok(Self { array: array.cast_into::<PyArrayDyn<T>>()?, asked: Some(out.clone()) })
    }

    /// Where its elements are.
    pub fn pointer(&self) -> *mut T {
        self.array.data()
    }

    /// Its elements, where the function is not one that works in place.
    pub fn values_mut(&mut self) -> &mut [T] {
        // SAFETY: the array is contiguous, aligned, and no other argument (`InPlace::No`).
        unsafe { std::slice::from_raw_parts_mut(self.pointer(), self.array.shape().iter().product()) }
    }

    /// The answer, where it was asked to be.
    pub fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        let Some(asked) = self.asked else { return Ok(self.array.into_any()) };
        checks(asked.py(), "placed")?.call1((asked, self.array))
    }
}

/// What the place of the answer has to know of an argument of any type.
pub trait Argument<'py> {
    /// What the caller passed.
    fn asked(&self) -> &Bound<'py, PyAny>;
    /// Where its elements begin and end.
    fn span(&self) -> (usize, usize);
    /// Its shape.
    fn dimensions(&self) -> &[usize];
    /// Whether the elements are a copy of what was passed.
    fn copied(&self) -> bool;
}

impl<'py, T: Number> Argument<'py> for Given<'_, 'py, T> {
    fn asked(&self) -> &Bound<'py, PyAny> {
        self.asked
    }

    fn span(&self) -> (usize, usize) {
        let start = self.pointer() as usize;
        (start, start + self.count() * size_of::<T>())
    }

    fn dimensions(&self) -> &[usize] {
        self.shape()
    }

    fn copied(&self) -> bool {
        self.array().as_ptr() != self.asked.as_ptr()
    }
}

/// Whether an argument and the answer do not meet, or meet where they may.
fn apart<T: Number>(given: &dyn Argument<'_>, out: &Array<'_, T>, in_place: InPlace) -> bool {
    let (x, x_end) = given.span();
    let (y, y_end) = (out.data() as usize, out.data() as usize + out.len() * size_of::<T>());
    let same = x == y && x_end == y_end && given.dimensions() == out.shape();
    !given.copied() && (x_end <= y || y_end <= x || (same && in_place == InPlace::Yes))
}

/// A new array, its elements not yet set.
fn empty<'py, T: Number>(py: Python<'py>, shape: &[usize]) -> PyResult<Array<'py, T>> {
    // SAFETY: PyArray_Empty takes over a reference to the descriptor, and returns a new reference or sets an
    // error; the elements are numbers, for which any bits are a value.
    unsafe {
        let descriptor = T::descriptor(py);
        ffi::Py_INCREF(descriptor.cast());
        let made = PY_ARRAY_API.PyArray_Empty(
            py,
            shape.len() as i32,
            shape.as_ptr() as *mut npy_intp,
            descriptor,
            0,
        );
        Ok(Bound::from_owned_ptr_or_err(py, made)?.cast_into_unchecked())
    }
}

/// A NumPy scalar.
pub fn scalar<'py>(py: Python<'py>, mut value: f64) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: PyArray_Scalar copies the value, and returns a new reference or sets an error.
    unsafe {
        let made = PY_ARRAY_API.PyArray_Scalar(
            py,
            (&raw mut value).cast(),
            f64::descriptor(py),
            std::ptr::null_mut(),
        );
        Bound::from_owned_ptr_or_err(py, made)
    }
}
