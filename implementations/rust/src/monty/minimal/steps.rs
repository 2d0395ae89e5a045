//! Call mode `step`: a store that lives in Python, one call for every observation.

use super::arrays::Points;
use super::episode::Store;
use super::rows::Rows;
use super::simd::Vectors;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A class around a store: `append(observation)` in training, `step(observation)` in evaluation.
macro_rules! steps {
    ($class:ident, $store:ty) => {
        #[doc = concat!("A store of observations that is called step by step: ", stringify!($store), ".")]
        #[pyclass]
        struct $class {
            store: $store,
            confidence: f32,
        }

        #[pymethods]
        impl $class {
            #[new]
            fn new(capacity: usize) -> Self {
                Self { store: <$store>::with_capacity(capacity), confidence: 0.0 }
            }

            /// Append one observation (4,).
            fn append(&mut self, observation: Points<'_>) -> PyResult<()> {
                self.store.push(*one(observation.rows()?)?);
                Ok(())
            }

            /// Match one observation (4,); returns its evidence.
            fn step(&mut self, observation: Points<'_>) -> PyResult<f32> {
                let evidence = self.store.mean(one(observation.rows()?)?);
                self.confidence = (self.confidence + evidence) * 0.5;
                Ok(evidence)
            }

            /// Begin an epoch.
            fn reset(&mut self) {
                self.confidence = 0.0;
            }

            /// The confidence after the last step.
            #[getter]
            fn confidence(&self) -> f32 {
                self.confidence
            }
        }
    };
}

fn one<T>(rows: &[T]) -> PyResult<&T> {
    rows.first().ok_or_else(|| PyValueError::new_err("expected one observation of four values"))
}

steps!(MontySteps, Rows);
steps!(MontyStepsSimd, Vectors<true>);

/// Add the stores to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<MontySteps>()?;
    module.add_class::<MontyStepsSimd>()
}
