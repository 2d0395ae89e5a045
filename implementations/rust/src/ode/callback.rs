//! A right-hand side in Python.
//!
//! One call costs a vectorcall and one float: the state goes into an array that is used again and again, as
//! long as the caller's function has not kept it. The interpreter's lock is held for the whole solve.

use numpy::{PyArray1, PyArrayMethods};
use pyo3::exceptions::{PyIndexError, PyValueError};
use pyo3::prelude::*;

use super::function::Function;
use super::reader::{Reader, Refusal};
use super::state::State;
use super::system::{NotFinite, System};

impl From<NotFinite> for PyErr {
    fn from(_: NotFinite) -> Self {
        PyValueError::new_err("array must not contain infs or NaNs")
    }
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
    /// Refuse results that are matrices, as SciPy's implicit methods do.
    pub fn refusing_matrices(mut self, refusal: Refusal) -> Self {
        self.reader.matrices_refused = Some(refusal);
        self
    }

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
