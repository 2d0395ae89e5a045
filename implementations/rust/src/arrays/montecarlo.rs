//! Monte Carlo from a counter: every number is a function of its index, so that no order of evaluation matters.

use super::arguments::{Given, InPlace, Target, scalar};
use super::bind::Answer;
use super::dispatch::{Kernel, dispatch};
use super::scalars::{count, number, seed};
use super::share::share;
use super::vector::{self, Lane};
use pyo3::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Output of SplitMix64 (Steele, Lea and Flood 2014) at a counter, as a number in [0, 1) of 53 bits.
#[inline(always)]
fn uniform(counter: u64) -> f64 {
    let mut z = counter.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// How many of these points lie in the quarter circle.
struct Hits {
    seed: u64,
    points: Range<u64>,
}

impl Kernel for Hits {
    type Output = u64;

    #[inline(always)]
    fn run<L: Lane>(self) -> u64 {
        let mut hits = 0;
        for i in self.points {
            let counter = self.seed.wrapping_add(i.wrapping_mul(2));
            let (x, y) = (uniform(counter.wrapping_add(1)), uniform(counter.wrapping_add(2)));
            hits += u64::from(x * x + y * y < 1.0);
        }
        hits
    }
}

fn pi<'py>(py: Python<'py>, hits: u64, n: u64) -> Answer<'py> {
    scalar(py, 4.0 * (hits as f64 / n as f64))
}

/// `arrays_mc_pi(n, seed)`.
#[pyfunction]
#[pyo3(signature = (n, seed))]
pub fn arrays_mc_pi<'py>(n: &Bound<'py, PyAny>, seed: &Bound<'py, PyAny>) -> Answer<'py> {
    let points = count("n", n)? as u64;
    pi(n.py(), dispatch(Hits { seed: self::seed("seed", seed)?, points: 0..points }), points)
}

/// `arrays_mc_pi_rayon(n, seed)`.
#[pyfunction]
#[pyo3(signature = (n, seed))]
pub fn arrays_mc_pi_rayon<'py>(n: &Bound<'py, PyAny>, seed: &Bound<'py, PyAny>) -> Answer<'py> {
    const PART: u64 = 1 << 13;
    let (points, seed) = (count("n", n)? as u64, self::seed("seed", seed)?);
    let hits = AtomicU64::new(0);
    share(points.div_ceil(PART) as usize, |part| {
        let first = part as u64 * PART;
        let found = dispatch(Hits { seed, points: first..points.min(first + PART) });
        hits.fetch_add(found, Ordering::Relaxed); // whole numbers: in any order
    });
    pi(n.py(), hits.into_inner(), points)
}

/// Paths of geometric Brownian motion: start times the running product of e^(drift + volatility z).
struct Paths {
    z: *const f64,
    out: *mut f64,
    count: usize,
    start: f64,
    drift: f64,
    volatility: f64,
}

impl Kernel for Paths {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        const BLOCK: usize = 256;
        let mut growth = [0.0; BLOCK];
        let mut product = 1.0;
        for first in (0..self.count).step_by(BLOCK) {
            let length = BLOCK.min(self.count - first);
            for i in (0..length).step_by(L::WIDTH) {
                let width = L::WIDTH.min(length - i);
                // SAFETY: `count` values can be read at `z`, and `BLOCK` is a multiple of all widths.
                unsafe {
                    let z = L::load_first(self.z.add(first + i), width, 0.0);
                    let exponent = L::splat(self.drift) + L::splat(self.volatility) * z;
                    vector::exp(exponent).store(growth.as_mut_ptr().add(i));
                }
            }
            for (i, growth) in growth[..length].iter().enumerate() {
                product *= growth;
                // SAFETY: `count` values can be written at `out`; where it is `z`, these have been read.
                unsafe { *self.out.add(first + i) = self.start * product }
            }
        }
    }
}

/// `arrays_black_scholes_paths(z, start, drift, volatility, out=None)`.
#[pyfunction]
#[pyo3(signature = (z, start, drift, volatility, out=None))]
pub fn arrays_black_scholes_paths<'py>(
    z: &Bound<'py, PyAny>,
    start: &Bound<'py, PyAny>,
    drift: &Bound<'py, PyAny>,
    volatility: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    let given: Given = Given::with_ndim("z", z, 1)?;
    let (start, drift) = (number("start", start)?, number("drift", drift)?);
    let volatility = number("volatility", volatility)?;
    let target: Target = Target::new(z.py(), out, given.shape(), &[&given], InPlace::Yes)?;
    let (z, count) = (given.pointer(), given.count());
    dispatch(Paths { z, out: target.pointer(), count, start, drift, volatility });
    target.finish()
}

/// `arrays_random_walk(steps, out=None)`.
#[pyfunction]
#[pyo3(signature = (steps, out=None))]
pub fn arrays_random_walk<'py>(steps: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    let given: Given<i64> = Given::with_ndim("steps", steps, 1)?;
    let target: Target<i64> = Target::new(steps.py(), out, given.shape(), &[&given], InPlace::Yes)?;
    let (from, to) = (given.pointer(), target.pointer());
    let mut place = 0_i64;
    for i in 0..given.count() {
        // SAFETY: both arrays have that many values; where they are one, this has been read.
        unsafe {
            place = place.wrapping_add(*from.add(i));
            *to.add(i) = place;
        }
    }
    target.finish()
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_mc_pi, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_mc_pi_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_black_scholes_paths, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_random_walk, module)?)?;
    Ok(())
}
