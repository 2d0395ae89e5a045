//! A dense solution: the interpolants of all steps.

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;

use super::dense::{Form, Segment};

/// The interpolants of all steps, as `solve_ivp` with `dense_output` keeps them.
#[pyclass(frozen, name = "OdeSegments")]
pub struct Segments {
    n: usize,
    segments: Vec<Segment>,
}

/// Kind, t_old, t, h, order, coefficients: what SciPy's interpolants are made of.
type Parts<'py> = (&'static str, f64, f64, f64, usize, Bound<'py, PyArray1<f64>>);

impl Segments {
    /// Keep the segments of a problem with `n` equations.
    pub fn new(n: usize, segments: Vec<Segment>) -> Self {
        Self { n, segments }
    }

    fn at(&self, index: usize) -> PyResult<&Segment> {
        self.segments.get(index).ok_or_else(|| PyIndexError::new_err("there is no such segment"))
    }
}

#[pymethods]
impl Segments {
    fn __len__(&self) -> usize {
        self.segments.len()
    }

    /// The parts of one segment.
    fn parts<'py>(&self, py: Python<'py>, index: usize) -> PyResult<Parts<'py>> {
        let segment = self.at(index)?;
        let kind = match segment.form {
            Form::Powers { scaled: true, .. } => "powers",
            Form::Powers { scaled: false, .. } => "collocation",
            Form::Alternating => "alternating",
            Form::Differences => "differences",
        };
        let data = PyArray1::from_slice(py, &segment.data);
        Ok((kind, segment.t_old, segment.t, segment.h, segment.order, data))
    }

    /// The state (n,) at `t`, by one segment.
    fn state<'py>(&self, py: Python<'py>, index: usize, t: f64) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let mut y = vec![0.0; self.n];
        self.at(index)?.evaluate(t, &mut y);
        Ok(PyArray1::from_vec(py, y))
    }

    /// The states (m, n) at times (m,), each by the segment named for it.
    fn states<'py>(
        &self,
        py: Python<'py>,
        indices: PyReadonlyArray1<'py, isize>,
        times: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let times = times.as_slice()?;
        let mut y = vec![0.0; self.n * times.len()];
        for ((row, &t), &index) in y.chunks_exact_mut(self.n).zip(times).zip(indices.as_slice()?) {
            self.at(index as usize)?.evaluate(t, row);
        }
        PyArray1::from_vec(py, y).reshape([times.len(), self.n])
    }
}
