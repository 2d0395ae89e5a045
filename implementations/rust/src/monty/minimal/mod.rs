//! The minimal loop: append observations, then match each against all that is stored. Definition and modes:
//! `paceline_models/monty/minimal`. A variant is a `Store` (or a search), and a line below.

mod arrays;
mod batched;
mod columns;
mod episode;
mod grid;
mod halves;
mod kdtree;
mod mapped;
mod nearest;
mod pooled;
mod rows;
mod search;
mod simd;
mod steps;

use arrays::{Column, Points};
use columns::Columns;
use episode::{Episode, Store};
use pyo3::prelude::*;
use rows::Rows;
use simd::Vectors;

/// A function `name(observations, queries, train, epochs, theta, evidence)` that runs an episode on a store:
/// fills `evidence` (Q,), returns the confidence and the steps.
macro_rules! episode {
    ($name:ident, $store:ty) => {
        #[doc = concat!("An episode of `", stringify!($name), "`: fills `evidence` (Q,).")]
        #[pyfunction]
        fn $name(
            observations: Points<'_>,
            queries: Points<'_>,
            train: usize,
            epochs: usize,
            theta: f64,
            mut evidence: Column<'_>,
        ) -> PyResult<(f32, usize)> {
            let (observations, queries) = (observations.rows()?, queries.rows()?);
            let episode = Episode { observations, queries, train, epochs, theta };
            Ok(episode::run::<$store>(&episode, evidence.values()?))
        }
    };
}

episode!(monty_minimal, Rows);
episode!(monty_minimal_no_prealloc, rows::Growing);
episode!(monty_minimal_clone, rows::Cloned);
episode!(monty_minimal_batch, batched::Batched);
episode!(monty_minimal_soa, Columns);
episode!(monty_minimal_simd, Vectors<true>);
episode!(monty_minimal_simd_approx, Vectors<false>);
episode!(monty_minimal_f16, halves::Halves);
episode!(monty_minimal_rayon, pooled::Pooled);

/// As `monty_minimal`, a line for every tenth step going to the file `log`.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
fn monty_minimal_verbose(
    observations: Points<'_>,
    queries: Points<'_>,
    train: usize,
    epochs: usize,
    theta: f64,
    mut evidence: Column<'_>,
    log: std::path::PathBuf,
) -> PyResult<(f32, usize)> {
    let (observations, queries) = (observations.rows()?, queries.rows()?);
    let mut store = rows::Verbose::with_capacity(observations.len() * train);
    store.log = Some(std::fs::OpenOptions::new().append(true).create(true).open(log)?);
    let episode = Episode { observations, queries, train, epochs, theta };
    let answer = episode::fill(&mut store, &episode, evidence.values()?);
    store.failed.map_or(Ok(answer), |error| Err(error.into()))
}

/// Add the functions of the minimal loop to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(monty_minimal, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_no_prealloc, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_clone, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_batch, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_soa, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_simd, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_simd_approx, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_f16, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(monty_minimal_verbose, module)?)?;
    mapped::register(module)?;
    search::register(module)?;
    steps::register(module)
}
