//! Differences and running sums of a series.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, map};
use super::vector::{Lane, load_each, load_first_of_each};
use pyo3::prelude::*;

/// The later less the earlier.
struct Step;
/// The same of steps.
struct SecondStep;
/// Half of the later less the earlier.
struct CentralStep;
/// A quarter, a half, a quarter.
struct Smooth;
/// The element itself.
pub struct Same;

impl Map<2> for Step {
    #[inline(always)]
    fn at<L: Lane>(&self, [early, late]: [L; 2]) -> L {
        late - early
    }
}

impl Map<3> for SecondStep {
    #[inline(always)]
    fn at<L: Lane>(&self, [a, b, c]: [L; 3]) -> L {
        (c - b) - (b - a)
    }
}

impl Map<2> for CentralStep {
    #[inline(always)]
    fn at<L: Lane>(&self, [early, late]: [L; 2]) -> L {
        (late - early) * L::splat(0.5)
    }
}

impl Map<3> for Smooth {
    #[inline(always)]
    fn at<L: Lane>(&self, [a, b, c]: [L; 3]) -> L {
        (a * L::splat(0.25) + b * L::splat(0.5)) + c * L::splat(0.25)
    }
}

impl Map<1> for Same {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x
    }
}

/// The running sum of a map: within a lane first, so that only one addition a lane waits for another.
struct Scan<const K: usize, F>(F, Spans<K>);

impl<const K: usize, F: Map<K>> Kernel for Scan<K, F> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Spans { given, out, count } = self.1;
        let mut before = L::splat(-0.0);
        let mut i = 0;
        // SAFETY: the binding has checked the arrays; what is read and written at i ends before `count`.
        unsafe {
            while i + L::WIDTH <= count {
                before = self.0.at(load_each::<K, L>(given, i)).store_scan(before, out.add(i));
                i += L::WIDTH;
            }
            if i < count {
                let before = L::splat(if i > 0 { *out.add(i - 1) } else { -0.0 });
                let rest = load_first_of_each::<K, L>(given, i, count - i, [0.0; K]);
                (before + self.0.at(rest).scan()).store_first(out.add(i), count - i);
            }
        }
    }
}

/// Check a series of at least `least` elements and the place of an answer with `fewer`; fill it.
fn of_series<'py>(
    x: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    least: usize,
    fewer: usize,
    in_place: InPlace,
    fill: impl FnOnce(&Given<'_, 'py>, *mut f64, usize),
) -> Answer<'py> {
    let x = Given::with_ndim("x", x, 1)?.at_least("x", least)?;
    let count = x.count().saturating_sub(fewer);
    let target = Target::new(x.py(), out, &[count], &[&x], in_place)?;
    if count > 0 {
        fill(&x, target.pointer(), count);
    }
    target.finish()
}

/// `arrays_diff(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_diff<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 0, 1, InPlace::No, |x, out, count| {
        let x = x.values();
        // SAFETY: both are `count` long, as the answer is.
        unsafe { map(&Step, Spans { given: [x.as_ptr(), x[1..].as_ptr()], out, count }) }
    })
}

/// `arrays_diff2(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_diff2<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 0, 2, InPlace::No, |x, out, count| {
        let x = x.values();
        // SAFETY: all are `count` long, as the answer is.
        unsafe {
            map(&SecondStep, Spans { given: [x.as_ptr(), x[1..].as_ptr(), x[2..].as_ptr()], out, count })
        }
    })
}

/// `arrays_gradient(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_gradient<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 2, 0, InPlace::No, |x, out, count| {
        let x = x.values();
        // SAFETY: the inner elements are `count - 2`, and the answer has `count`.
        unsafe {
            *out = x[1] - x[0];
            *out.add(count - 1) = x[count - 1] - x[count - 2];
            let inner = Spans { given: [x.as_ptr(), x[2..].as_ptr()], out: out.add(1), count: count - 2 };
            map(&CentralStep, inner);
        }
    })
}

/// `arrays_convolve3(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_convolve3<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 3, 0, InPlace::No, |x, out, count| {
        let x = x.values();
        // SAFETY: the inner elements are `count - 2`, and the answer has `count`.
        unsafe {
            *out = x[0] * 0.5 + x[1] * 0.25;
            *out.add(count - 1) = x[count - 2] * 0.25 + x[count - 1] * 0.5;
            let given = [x.as_ptr(), x[1..].as_ptr(), x[2..].as_ptr()];
            map(&Smooth, Spans { given, out: out.add(1), count: count - 2 });
        }
    })
}

/// `arrays_cumsum(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_cumsum<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 0, 0, InPlace::Yes, |x, out, count| {
        dispatch(Scan(Same, Spans { given: [x.pointer()], out, count }));
    })
}

/// `arrays_diff_cumsum(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_diff_cumsum<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 0, 1, InPlace::No, |x, out, count| {
        let x = x.values();
        dispatch(Scan(Step, Spans { given: [x.as_ptr(), x[1..].as_ptr()], out, count }));
    })
}

/// `arrays_cumsum_serial(x, out=None)`: each sum waits for the one before.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_cumsum_serial<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    of_series(x, out, 0, 0, InPlace::Yes, |x, out, count| {
        Scan(Same, Spans { given: [x.pointer()], out, count }).run::<f64>();
    })
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_diff, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_diff2, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_gradient, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_convolve3, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_cumsum, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_diff_cumsum, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_cumsum_serial, module)?)?;
    Ok(())
}
