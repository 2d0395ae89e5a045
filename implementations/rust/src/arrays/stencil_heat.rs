//! Steps of the heat equation on a rod: step by step, by parts of the rod that stay in the cache, naively.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out};
use super::scalars::{count, number};
use super::share::share_chunks;
use super::stencil_kernels::heat;
use super::workspace::with_workspace;
use pyo3::prelude::*;

/// A part of the rod, and how many steps it takes at a time.
const PART: usize = 4096;
const STEPS: usize = 128;

type Steps = fn(u: &[f64], rate: f64, steps: usize, answer: &mut [f64]);

/// Step by step, to and fro between the answer and a workspace.
fn ping_pong(u: &[f64], rate: f64, steps: usize, answer: &mut [f64]) {
    with_workspace(u.len(), |other| {
        // So that the last step ends in the answer.
        let (mut here, mut there) = if steps.is_multiple_of(2) { (answer, other) } else { (other, answer) };
        here.copy_from_slice(u);
        for _ in 0..steps {
            heat(here, rate, there);
            (here, there) = (there, here);
        }
    });
}

/// A new array for every step and every operation in it.
fn naive(u: &[f64], rate: f64, steps: usize, answer: &mut [f64]) {
    let mut now = u.to_vec();
    for _ in 0..steps * usize::from(u.len() > 2) {
        let twice: Vec<f64> = now[1..now.len() - 1].iter().map(|centre| 2.0 * centre).collect();
        let differences: Vec<f64> = now.iter().zip(&twice).map(|(left, twice)| left - twice).collect();
        let curvature: Vec<f64> = differences.iter().zip(&now[2..]).map(|(a, right)| a + right).collect();
        let change: Vec<f64> = curvature.iter().map(|curvature| rate * curvature).collect();
        let middle: Vec<f64> = now[1..].iter().zip(&change).map(|(centre, change)| centre + change).collect();
        now = [&now[..1], &middle, &now[now.len() - 1..]].concat();
    }
    answer.copy_from_slice(&now);
}

fn heated<'py>(
    u: &Bound<'py, PyAny>,
    rate: &Bound<'py, PyAny>,
    steps: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    run: Steps,
) -> Answer<'py> {
    let given: Given = Given::with_ndim("u", u, 1)?;
    let (rate, steps) = (number("rate", rate)?, count("steps", steps)?);
    let mut target: Target = Target::new(u.py(), out, given.shape(), &[&given], InPlace::No)?;
    run(given.values(), rate, steps, target.values_mut());
    target.finish()
}

/// Define `name(u, rate, steps, out=None)` by a way of stepping.
macro_rules! heats {
    ($($(#[$doc:meta])* $name:ident = $run:ident;)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = (u, rate, steps, out=None))]
        pub fn $name<'py>(
            u: &Bound<'py, PyAny>,
            rate: &Bound<'py, PyAny>,
            steps: &Bound<'py, PyAny>,
            out: Option<&Bound<'py, PyAny>>,
        ) -> Answer<'py> {
            heated(u, rate, steps, out, $run)
        }
    )*};
}

/// Many steps on a part of the rod at a time.
fn fused(u: &[f64], rate: f64, steps: usize, answer: &mut [f64]) {
    rounds(u, steps, answer, |u, steps, answer| {
        for (i, answer) in answer.chunks_mut(PART).enumerate() {
            part(u, rate, steps, i * PART, answer);
        }
    });
}

/// The same, the parts shared out among the threads.
fn shared(u: &[f64], rate: f64, steps: usize, answer: &mut [f64]) {
    rounds(u, steps, answer, |u, steps, answer| {
        share_chunks(answer, PART, |i, answer| part(u, rate, steps, i * PART, answer));
    });
}

/// The steps in rounds of so few that the parts' margins stay small.
fn rounds(u: &[f64], steps: usize, answer: &mut [f64], round: impl Fn(&[f64], usize, &mut [f64])) {
    if steps <= STEPS {
        return round(u, steps, answer);
    }
    with_workspace(u.len(), |other| {
        let now = other;
        round(u, STEPS, now);
        let mut left = steps - STEPS;
        while left > STEPS {
            round(now, STEPS, answer);
            now.copy_from_slice(answer);
            left -= STEPS;
        }
        round(now, left, answer);
    });
}

/// Step a part of the rod with a margin as wide as there are steps: what is wrong at the margin's outer end
/// moves inwards by one place a step, and so never reaches the part.
fn part(u: &[f64], rate: f64, steps: usize, start: usize, answer: &mut [f64]) {
    let first = start.saturating_sub(steps);
    let end = u.len().min(start + answer.len() + steps);
    let length = end - first;
    with_workspace(2 * length, |workspace| {
        let (mut here, mut there) = workspace.split_at_mut(length);
        here.copy_from_slice(&u[first..end]);
        for _ in 0..steps {
            heat(here, rate, there);
            (here, there) = (there, here);
        }
        answer.copy_from_slice(&here[start - first..][..answer.len()]);
    });
}

heats! {
    /// `arrays_heat_step(u, rate, steps, out=None)`.
    arrays_heat_step = ping_pong;
    /// `arrays_heat_step_naive(u, rate, steps, out=None)`.
    arrays_heat_step_naive = naive;
    /// `arrays_heat_step_fused(u, rate, steps, out=None)`.
    arrays_heat_step_fused = fused;
    /// `arrays_heat_step_rayon(u, rate, steps, out=None)`.
    arrays_heat_step_rayon = shared;
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_heat_step, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_heat_step_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_heat_step_fused, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_heat_step_rayon, module)?)?;
    Ok(())
}
