//! Fourier transforms of real signals by the crate `rustfft`, as transforms of complex numbers, with one plan a length.

use super::arguments::{Given, InPlace, Target, checks};
use super::bind::{Answer, Out};
use pyo3::prelude::*;
use rustfft::num_complex::Complex64;
use rustfft::{Fft, FftDirection, FftPlanner};
use std::cell::RefCell;
use std::sync::Arc;

/// What a thread keeps from call to call: the planner, which keeps its plans, and memory for the transform.
struct Bench {
    planner: FftPlanner<f64>,
    scratch: Vec<Complex64>,
    spectrum: Vec<Complex64>,
}

thread_local! {
    static BENCH: RefCell<Bench> = RefCell::new(Bench {
        planner: FftPlanner::new(),
        scratch: Vec::new(),
        spectrum: Vec::new(),
    });
}

impl Bench {
    fn plan(&mut self, length: usize, direction: FftDirection) -> Arc<dyn Fft<f64>> {
        let plan = self.planner.plan_fft(length, direction);
        if self.scratch.len() < plan.get_inplace_scratch_len() {
            self.scratch.resize(plan.get_inplace_scratch_len(), Complex64::default());
        }
        plan
    }

    fn forward(&mut self, values: &[f64], spectrum: &mut [Complex64]) {
        for (place, &value) in spectrum.iter_mut().zip(values) {
            *place = Complex64::new(value, 0.0);
        }
        self.plan(values.len(), FftDirection::Forward).process_with_scratch(spectrum, &mut self.scratch);
    }

    /// Back, and divided by the length.
    fn inverse(&mut self, spectrum: &mut [Complex64]) {
        let plan = self.plan(spectrum.len(), FftDirection::Inverse);
        plan.process_with_scratch(spectrum, &mut self.scratch);
        let share = 1.0 / spectrum.len() as f64;
        for value in spectrum {
            *value *= share;
        }
    }
}

/// There and back again; the spectrum is changed in between.
fn filtered(values: &[f64], answer: &mut [Complex64], change: fn(&mut [Complex64])) {
    BENCH.with_borrow_mut(|bench| {
        bench.forward(values, answer);
        change(answer);
        bench.inverse(answer);
    });
}

/// Take away all frequencies but the lowest quarter on either side.
fn lowpass(spectrum: &mut [Complex64]) {
    let cutoff = spectrum.len() / 4;
    if cutoff > 0 {
        let end = spectrum.len() - cutoff;
        spectrum[cutoff..end].fill(Complex64::default());
    }
}

/// A signal: float64, one dimension, not empty, finite.
fn signal<'a, 'py>(x: &'a Bound<'py, PyAny>) -> PyResult<Given<'a, 'py>> {
    let given = Given::with_ndim("x", x, 1)?.at_least("x", 1)?;
    // Zero times a finite number is zero: no branch, and a loop over vectors.
    let finite = given.values().iter().fold(true, |finite, value| finite & (value * 0.0 == 0.0));
    if !finite {
        checks(x.py(), "finite")?.call1(("x", x))?; // raises
    }
    Ok(given)
}

fn there_and_back<'py>(
    x: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    change: fn(&mut [Complex64]),
) -> Answer<'py> {
    let given = signal(x)?;
    let mut target: Target<Complex64> = Target::new(x.py(), out, given.shape(), &[&given], InPlace::No)?;
    filtered(given.values(), target.values_mut(), change);
    target.finish()
}

/// `arrays_fft_roundtrip(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_fft_roundtrip<'py>(x: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    there_and_back(x, out, |_| ())
}

/// `arrays_fft_lowpass(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_fft_lowpass<'py>(x: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    there_and_back(x, out, lowpass)
}

/// `arrays_power_spectrum(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_power_spectrum<'py>(x: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    let given = signal(x)?;
    let mut target: Target = Target::new(x.py(), out, given.shape(), &[&given], InPlace::No)?;
    BENCH.with_borrow_mut(|bench| {
        let mut spectrum = std::mem::take(&mut bench.spectrum);
        spectrum.resize(given.count(), Complex64::default());
        bench.forward(given.values(), &mut spectrum);
        for (power, value) in target.values_mut().iter_mut().zip(&spectrum) {
            *power = value.re * value.re + value.im * value.im;
        }
        bench.spectrum = spectrum;
    });
    target.finish()
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_fft_roundtrip, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_fft_lowpass, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_power_spectrum, module)?)?;
    Ok(())
}
