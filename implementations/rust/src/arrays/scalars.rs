//! Arguments that are single numbers: what is plain is taken at once, what is not goes to `arrays/_checks.py`.

use super::arguments::checks;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt};

/// More than an array can have elements.
const TOO_MANY: usize = 1 << 60;

/// A whole number that is not negative, nor more than an array can have elements.
pub fn count(name: &str, asked: &Bound<'_, PyAny>) -> PyResult<usize> {
    if let Ok(Ok(count)) = asked.cast_exact::<PyInt>().map(|asked| asked.extract())
        && count < TOO_MANY
    {
        return Ok(count);
    }
    checks(asked.py(), "count")?.call1((name, asked))?.extract()
}

/// A whole number modulo 2^64.
pub fn seed(name: &str, asked: &Bound<'_, PyAny>) -> PyResult<u64> {
    if let Ok(Ok(seed)) = asked.cast_exact::<PyInt>().map(|asked| asked.extract()) {
        return Ok(seed);
    }
    checks(asked.py(), "seed")?.call1((name, asked))?.extract()
}

/// A real number.
pub fn number(name: &str, asked: &Bound<'_, PyAny>) -> PyResult<f64> {
    // NumPy's float64 is a float, too.
    if let Ok(asked) = asked.cast::<PyFloat>() {
        return Ok(asked.value());
    }
    checks(asked.py(), "number")?.call1((name, asked))?.extract()
}
