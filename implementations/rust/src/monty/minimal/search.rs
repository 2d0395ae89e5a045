//! Bindings of mode `knn`: scans, the grid and the tree.

use super::arrays::{Column, Points};
use super::grid::Grid;
use super::kdtree::KdTree;
use super::nearest::{Question, evaluate, scan, scan_early};
use pyo3::prelude::*;

/// A function that scans all observations for each query: fills `evidence` (Q,).
macro_rules! scan {
    ($name:ident, $search:expr) => {
        #[doc = concat!("An episode of `", stringify!($name), "`: fills `evidence` (Q,).")]
        #[pyfunction]
        #[allow(clippy::too_many_arguments)]
        fn $name(
            observations: Points<'_>,
            queries: Points<'_>,
            epochs: usize,
            theta: f64,
            k: usize,
            radius: f64,
            mut evidence: Column<'_>,
        ) -> PyResult<(f64, usize)> {
            let rows = observations.rows()?.to_vec();
            let question = Question { queries: queries.rows()?, epochs, theta, k, radius };
            Ok(evaluate(&question, evidence.values()?, |query, nearest| $search(&rows, query, nearest)))
        }
    };
}

scan!(monty_minimal_knn, scan);
scan!(monty_minimal_knn_early_exit, scan_early);

/// A class that holds an index of observations, and answers queries from it.
macro_rules! index {
    ($class:ident, $index:ty, ($($argument:ident: $kind:ty),*)) => {
        #[doc = concat!("An index of observations: ", stringify!($index), ".")]
        #[pyclass(frozen)]
        struct $class($index);

        #[pymethods]
        impl $class {
            #[new]
            fn new(observations: Points<'_>, $($argument: $kind),*) -> PyResult<Self> {
                Ok(Self(<$index>::new(observations.rows()?, $($argument),*)))
            }

            /// Bytes of the index with its observations.
            #[getter]
            fn nbytes(&self) -> usize {
                self.0.nbytes()
            }

            /// An episode: fills `evidence` (Q,), returns the confidence and the steps.
            fn run(
                &self,
                queries: Points<'_>,
                epochs: usize,
                theta: f64,
                k: usize,
                radius: f64,
                mut evidence: Column<'_>,
            ) -> PyResult<(f64, usize)> {
                let question = Question { queries: queries.rows()?, epochs, theta, k, radius };
                let search = |query: &_, nearest: &mut _| self.0.search(query, nearest);
                Ok(evaluate(&question, evidence.values()?, search))
            }
        }
    };
}

index!(MontyGrid, Grid, (cell: f64));
index!(MontyKdTree, KdTree, ());

/// Add scans and indexes to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(monty_minimal_knn, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_knn_early_exit, module)?)?;
    module.add_class::<MontyGrid>()?;
    module.add_class::<MontyKdTree>()
}
