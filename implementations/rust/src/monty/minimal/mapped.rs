//! Observations in a file that is mapped into memory, and matched where they lie when nothing is appended twice.

use super::arrays::{Column, Observation, Points};
use super::episode::{self, Episode, Store};
use super::rows::{Rows, mean};
use memmap2::Mmap;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::fs::File;
use std::path::PathBuf;

/// A file of float32 rows, x, y, z and feature, in the processor's byte order.
#[pyclass(frozen)]
struct MontyFile(Mmap);

/// The mapped rows as a store that is full from the start.
struct Mapped<'a>(&'a [Observation]);

impl Store for Mapped<'_> {
    fn with_capacity(_points: usize) -> Self {
        Self(&[])
    }

    /// Nothing: what is mapped is stored.
    fn push(&mut self, _observation: Observation) {}

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        mean(self.0, query)
    }
}

#[pymethods]
impl MontyFile {
    #[new]
    fn new(path: PathBuf) -> PyResult<Self> {
        // SAFETY: the file is the validator's own, in a folder made for it, and never changed once written.
        let map = unsafe { Mmap::map(&File::open(path)?) }?;
        let whole = map.len().is_multiple_of(size_of::<Observation>());
        whole.then_some(Self(map)).ok_or_else(|| PyValueError::new_err("not a whole number of observations"))
    }

    /// An episode: fills `evidence` (Q,), returns the confidence and the steps.
    fn run(
        &self,
        queries: Points<'_>,
        train: usize,
        epochs: usize,
        theta: f64,
        mut evidence: Column<'_>,
    ) -> PyResult<(f32, usize)> {
        let (observations, queries) = (self.rows(), queries.rows()?);
        let episode = Episode { observations, queries, train, epochs, theta };
        let evidence = evidence.values()?;
        if train == 1 {
            return Ok(episode::evaluate(&mut Mapped(observations), &episode, evidence));
        }
        Ok(episode::run::<Rows>(&episode, evidence))
    }
}

impl MontyFile {
    fn rows(&self) -> &[Observation] {
        // SAFETY: every pattern of bits is a float, and a mapping begins at a page.
        let (_, floats, _) = unsafe { self.0.align_to::<f32>() };
        floats.as_chunks().0
    }
}

/// Add the mapped file to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MontyFile>()
}
