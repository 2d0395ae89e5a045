//! Events: functions of (t, y) whose zeros are wanted.

use std::hint::black_box;

use numpy::PyUntypedArrayMethods;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PySequence, PyString};

use super::dense::Segment;
use super::function::Function;
use super::reader::Reader;
use super::state::State;
use super::stepping::EPS;

/// One event function.
pub struct Event<'py> {
    /// The function.
    pub function: Function<'py>,
    /// How many occurrences end the solve.
    pub limit: f64,
    /// Which crossings count: upwards (> 0), downwards (< 0), both (0).
    pub direction: f64,
    /// Occurrences so far.
    pub count: f64,
    /// The value after the last step.
    pub value: f64,
    /// When it occurred.
    pub times: Vec<f64>,
    /// The states then, one behind another.
    pub states: Vec<f64>,
}

/// All events of a solve, and the buffers that they share.
pub struct Events<'py> {
    events: Vec<Event<'py>>,
    state: State<'py>,
    as_floats: Bound<'py, PyAny>,
    y: Vec<f64>,
    /// Ablation: new buffers at every step.
    fresh: bool,
}

impl<'py> Events<'py> {
    /// Events of a problem with `n` equations.
    pub fn new(events: Vec<Event<'py>>, n: usize, as_floats: &Bound<'py, PyAny>, fresh: bool) -> Self {
        let state = State::new(as_floats.py(), n, false, false);
        Self { events, state, as_floats: as_floats.clone(), y: vec![0.0; n], fresh }
    }

    /// Look at the start, where SciPy hands over the state as the caller has given it.
    pub fn start(&mut self, t: f64, y: &Bound<'py, PyAny>) -> PyResult<()> {
        let several = self.events.len() > 1;
        for event in &mut self.events {
            let value = event.function.call(t, y)?;
            event.value = number(&value, &self.as_floats, several)?;
        }
        Ok(())
    }

    /// Look at the end of a step: which events have occurred?
    pub fn occurred(&mut self, t: f64, y: &[f64]) -> PyResult<Vec<usize>> {
        if self.fresh {
            self.y = vec![0.0; y.len()];
            black_box(vec![0.0; self.events.len()]);
        }
        let mut active = Vec::new();
        let several = self.events.len() > 1;
        for (i, event) in self.events.iter_mut().enumerate() {
            let value = event.function.call(t, self.state.holding(y))?;
            let (old, new) = (event.value, number(&value, &self.as_floats, several)?);
            let (up, down) = (old <= 0.0 && new >= 0.0, old >= 0.0 && new <= 0.0);
            if up && event.direction > 0.0
                || down && event.direction < 0.0
                || (up || down) && event.direction == 0.0
            {
                active.push(i);
            }
            event.value = new;
        }
        Ok(active)
    }

    /// Find when the events occurred, note it, and tell when the solve is over, if it is.
    pub fn handle(&mut self, active: &[usize], segment: &Segment) -> PyResult<Option<f64>> {
        let mut found = Vec::with_capacity(active.len());
        for &i in active {
            self.events[i].count += 1.0;
        }
        for &i in active {
            found.push((i, self.root(i, segment)?));
        }
        let over = |&(i, _): &(usize, f64)| self.events[i].count >= self.events[i].limit;
        let mut end = None;
        if found.iter().any(over) {
            let backwards = segment.t <= segment.t_old;
            found.sort_by(|a, b| if backwards { b.1.total_cmp(&a.1) } else { a.1.total_cmp(&b.1) });
            let last = found.iter().position(over).unwrap_or(0);
            found.truncate(last + 1);
            end = Some(found[last].1);
        }
        for (i, t) in found {
            segment.evaluate(t, &mut self.y);
            self.events[i].times.push(t);
            self.events[i].states.extend_from_slice(&self.y);
        }
        Ok(end)
    }

    /// The zero of an event within a step.
    fn root(&mut self, i: usize, segment: &Segment) -> PyResult<f64> {
        let Self { events, state, as_floats, y, .. } = self;
        brent(segment.t_old, segment.t, |t| {
            segment.evaluate(t, y);
            let value = events[i].function.call(t, state.holding(y))?;
            let value = number(&value, as_floats, false)?;
            if value.is_nan() {
                let text = format!("The function value at x={t:?} is NaN; solver cannot continue.");
                return Err(PyValueError::new_err(text));
            }
            Ok(value)
        })
    }

    /// Times and states of every event.
    pub fn into_found(self) -> Vec<(Vec<f64>, Vec<f64>)> {
        self.events.into_iter().map(|event| (event.times, event.states)).collect()
    }
}

/// What an event function returned, as a number: an array of one element counts as one, if there is but one event.
fn number<'py>(value: &Bound<'py, PyAny>, as_floats: &Bound<'py, PyAny>, several: bool) -> PyResult<f64> {
    let refused =
        || PyValueError::new_err("an event function must return one number, but returned a sequence");
    let Ok(array) = value.cast::<numpy::PyUntypedArray>() else {
        return value.extract().map_err(|error| match several && value.cast::<PySequence>().is_ok() {
            true if !value.is_instance_of::<PyString>() => refused(),
            _ => error,
        });
    };
    if several && array.ndim() > 0 {
        return Err(refused());
    }
    let mut out = [0.0];
    Reader::new(as_floats)?.read(&as_floats.call1((value,))?, true, &mut out).map_err(|_| refused())?;
    Ok(out[0])
}

/// Brent's root of `f` between `a` and `b` (Algorithms for Minimization without Derivatives, 1973, chapter 4), to
/// four spacings of numbers, after at most a hundred evaluations.
fn brent(a: f64, b: f64, mut f: impl FnMut(f64) -> PyResult<f64>) -> PyResult<f64> {
    const TOLERANCE: f64 = 4.0 * EPS;
    // `past` is the point before `now`; the root lies between `now` and `other`.
    let (mut past, mut now, mut other) = ((a, f(a)?), (b, f(b)?), (0.0, 0.0));
    if past.1 == 0.0 {
        return Ok(past.0);
    }
    if now.1 == 0.0 {
        return Ok(now.0);
    }
    if past.1.is_sign_negative() == now.1.is_sign_negative() {
        return Err(PyValueError::new_err("f(a) and f(b) must have different signs"));
    }
    let (mut step_before, mut step) = (0.0, 0.0);
    for _ in 0..100 {
        if past.1 != 0.0 && now.1 != 0.0 && past.1.is_sign_negative() != now.1.is_sign_negative() {
            other = past;
            step = now.0 - past.0;
            step_before = step;
        }
        if other.1.abs() < now.1.abs() {
            past = now;
            now = other;
            other = past;
        }
        let delta = (TOLERANCE + TOLERANCE * now.0.abs()) / 2.0;
        let half = (other.0 - now.0) / 2.0;
        if now.1 == 0.0 || half.abs() < delta {
            return Ok(now.0);
        }
        let mut bisect = true;
        if step_before.abs() > delta && now.1.abs() < past.1.abs() {
            let trial = interpolate(past, now, other);
            if 2.0 * trial.abs() < step_before.abs().min(3.0 * half.abs() - delta) {
                step_before = step;
                step = trial;
                bisect = false;
            }
        }
        if bisect {
            step_before = half;
            step = half;
        }
        past = now;
        now.0 += if step.abs() > delta {
            step
        } else if half > 0.0 {
            delta
        } else {
            -delta
        };
        now.1 = f(now.0)?;
    }
    Err(PyRuntimeError::new_err("Failed to converge after 100 iterations."))
}

/// The step to a secant's zero, or to that of an inverse parabola through three points.
fn interpolate(past: (f64, f64), now: (f64, f64), other: (f64, f64)) -> f64 {
    if past.0 == other.0 {
        return -now.1 * (now.0 - past.0) / (now.1 - past.1);
    }
    let slope_past = (past.1 - now.1) / (past.0 - now.0);
    let slope_other = (other.1 - now.1) / (other.0 - now.0);
    -now.1 * (other.1 * slope_other - past.1 * slope_past) / (slope_other * slope_past * (other.1 - past.1))
}
