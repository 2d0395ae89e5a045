//! The evidence matcher: hypotheses about an object and its pose, weighed observation by observation.
//!
//! Equations and source: `paceline_models/monty/evidence`. The search for the nearest nodes is what the variants
//! differ in; all of them do the same float64 operations in the same order.

mod arrays;
mod episode;
mod fused;
mod grid;
mod kdtree;
mod near;
mod parts;
mod pool;
mod scan;
mod simd;

pub use arrays::rows;
use pyo3::prelude::*;

/// Add the evidence matchers to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(scan::monty_evidence_scan, module)?)?;
    module.add_function(wrap_pyfunction!(scan::monty_evidence_bounded, module)?)?;
    module.add_function(wrap_pyfunction!(grid::monty_evidence_grid, module)?)?;
    module.add_function(wrap_pyfunction!(fused::monty_evidence_fused, module)?)?;
    module.add_function(wrap_pyfunction!(simd::monty_evidence_simd, module)?)?;
    module.add_function(wrap_pyfunction!(kdtree::monty_evidence_tree, module)?)?;
    module.add_function(wrap_pyfunction!(kdtree::monty_evidence_kdtree, module)?)?;
    module.add_function(wrap_pyfunction!(pool::monty_evidence_rayon, module)?)?;
    Ok(())
}
