//! LAPACK, as SciPy itself carries it: taken through the capsules of `scipy.linalg.cython_lapack`.

use std::ffi::{c_char, c_int, c_void};

use numpy::Complex64;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

type Factor<T> = unsafe extern "C" fn(*mut c_int, *mut c_int, *mut T, *mut c_int, *mut c_int, *mut c_int);
type Solve<T> = unsafe extern "C" fn(
    *mut c_char,
    *mut c_int,
    *mut c_int,
    *mut T,
    *mut c_int,
    *mut c_int,
    *mut T,
    *mut c_int,
    *mut c_int,
);

/// The routines for one kind of number.
#[derive(Clone, Copy)]
pub struct Routines<T> {
    factor: Factor<T>,
    solve: Solve<T>,
}

/// The routines for real and for complex matrices.
#[derive(Clone, Copy)]
pub struct Lapack {
    /// `dgetrf` and `dgetrs`.
    pub real: Routines<f64>,
    /// `zgetrf` and `zgetrs`.
    pub complex: Routines<Complex64>,
}

static LAPACK: PyOnceLock<Lapack> = PyOnceLock::new();

/// The routines of the installed SciPy.
pub fn lapack(py: Python<'_>) -> PyResult<Lapack> {
    LAPACK.get_or_try_init(py, || load(py)).copied()
}

fn load(py: Python<'_>) -> PyResult<Lapack> {
    let table = py.import("scipy.linalg.cython_lapack")?.getattr("__pyx_capi__")?;
    let address = |name: &str| -> PyResult<*mut c_void> {
        let capsule = table.get_item(name)?;
        // SAFETY: Cython's table holds capsules, and a capsule's own name is the right one to open it with.
        let pointer =
            unsafe { ffi::PyCapsule_GetPointer(capsule.as_ptr(), ffi::PyCapsule_GetName(capsule.as_ptr())) };
        if pointer.is_null() { Err(PyErr::fetch(py)) } else { Ok(pointer) }
    };
    // SAFETY: these are LAPACK's own signatures, with the 32-bit integers of SciPy's Cython interface.
    unsafe {
        Ok(Lapack {
            real: Routines {
                factor: std::mem::transmute::<*mut c_void, Factor<f64>>(address("dgetrf")?),
                solve: std::mem::transmute::<*mut c_void, Solve<f64>>(address("dgetrs")?),
            },
            complex: Routines {
                factor: std::mem::transmute::<*mut c_void, Factor<Complex64>>(address("zgetrf")?),
                solve: std::mem::transmute::<*mut c_void, Solve<Complex64>>(address("zgetrs")?),
            },
        })
    }
}

impl<T> Routines<T> {
    /// Factor the matrix (n, n) in place. Returns the first zero pivot, counted from 1.
    pub fn factor(&self, a: &mut [T], n: usize, pivots: &mut [i32]) -> Option<usize> {
        assert!(a.len() == n * n && pivots.len() == n);
        let (mut rows, mut columns, mut leading, mut info) = (n as c_int, n as c_int, n as c_int, 0);
        // SAFETY: the lengths have just been checked; LAPACK writes nothing else.
        unsafe {
            (self.factor)(
                &mut rows,
                &mut columns,
                a.as_mut_ptr(),
                &mut leading,
                pivots.as_mut_ptr(),
                &mut info,
            );
        }
        (info > 0).then_some(info as usize)
    }

    /// Solve for one right side, in place.
    pub fn solve(&self, a: &mut [T], n: usize, pivots: &mut [i32], b: &mut [T]) {
        assert!(a.len() == n * n && pivots.len() == n && b.len() == n);
        let (mut plain, mut order, mut one) = (b'N' as c_char, n as c_int, 1 as c_int);
        let (mut leading, mut height, mut info) = (n as c_int, n as c_int, 0);
        // SAFETY: the lengths have just been checked; LAPACK writes only to `b`.
        unsafe {
            (self.solve)(
                &mut plain,
                &mut order,
                &mut one,
                a.as_mut_ptr(),
                &mut leading,
                pivots.as_mut_ptr(),
                b.as_mut_ptr(),
                &mut height,
                &mut info,
            );
        }
    }
}
