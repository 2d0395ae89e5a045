//! A sparse Jacobian: SciPy's SuperLU does the linear side, through an object in Python.

use numpy::{Complex64, PyArray1, PyArrayMethods};
use pyo3::prelude::*;

use super::callback::Callback;
use super::linear::Linear;
use super::system::Counts;

/// Hands the linear side to `paceline_models.ode._sparse.SparseJacobian`.
pub struct Sparse<'py> {
    solver: Bound<'py, PyAny>,
}

impl<'py> Sparse<'py> {
    /// The object that does it.
    pub fn new(solver: &Bound<'py, PyAny>) -> Self {
        Self { solver: solver.clone() }
    }

    fn array<T: numpy::Element>(&self, values: &[T]) -> Bound<'py, PyArray1<T>> {
        PyArray1::from_slice(self.solver.py(), values)
    }

    fn solved<T: numpy::Element + Copy>(&self, name: &str, b: &mut [T]) -> PyResult<()> {
        let x = self.solver.call_method1(name, (self.array(b),))?;
        b.copy_from_slice(x.cast::<PyArray1<T>>()?.readonly().as_slice()?);
        Ok(())
    }
}

impl<'py> Linear<Callback<'py>> for Sparse<'py> {
    fn constant(&self) -> bool {
        self.solver.getattr("constant").and_then(|told| told.extract()).unwrap_or(false)
    }

    fn evaluate(
        &mut self,
        _system: &mut Callback<'py>,
        t: f64,
        y: &[f64],
        f: Option<&[f64]>,
        counts: &mut Counts,
    ) -> PyResult<()> {
        counts.njev += 1;
        let f = f.map(|f| self.array(f));
        let called = self.solver.call_method1("evaluate", (t, self.array(y), f))?;
        counts.differences += called.extract::<usize>()?;
        Ok(())
    }

    fn factor(&mut self, _system: &mut Callback<'py>, d: f64, s: f64) -> PyResult<()> {
        self.solver.call_method1("factor", (d, s)).map(drop)
    }

    fn factor_complex(&mut self, _system: &mut Callback<'py>, d: Complex64) -> PyResult<()> {
        self.solver.call_method1("factor_complex", (d.re, d.im)).map(drop)
    }

    fn solve(&mut self, _system: &mut Callback<'py>, b: &mut [f64]) -> PyResult<()> {
        self.solved("solve", b)
    }

    fn solve_complex(&mut self, _system: &mut Callback<'py>, b: &mut [Complex64]) -> PyResult<()> {
        self.solved("solve_complex", b)
    }
}
