//! Correlation coefficients of the rows of a matrix.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, run};
use super::fold::{self, Sum};
use super::vector::Lane;
use pyo3::prelude::*;

/// Columns that are centred and multiplied together: ten rows of them stay in the first cache.
const BLOCK: usize = 256;
/// Rows that one row is multiplied with at a time.
const TOGETHER: usize = 4;

/// x less a number.
struct Less(f64);

impl Map<1> for Less {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x - L::splat(self.0)
    }
}

/// Sums of products of the centred rows, in the upper triangle of `out` (r, r).
struct Products<'a> {
    x: &'a [f64],
    rows: usize,
    out: &'a mut [f64],
}

impl Kernel for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Self { x, rows, out } = self;
        let width = x.len() / rows.max(1);
        let row = |i: usize| &x[i * width..(i + 1) * width];
        let means: Vec<f64> =
            (0..rows).map(|i| fold::run::<1, L, _>(&Sum, [row(i)]) / width as f64).collect();
        let mut centred = vec![0.0; rows * BLOCK];
        for from in (0..width).step_by(BLOCK) {
            let count = BLOCK.min(width - from);
            for (i, place) in centred.chunks_exact_mut(BLOCK).enumerate() {
                let spans =
                    Spans { given: [row(i)[from..from + count].as_ptr()], out: place.as_mut_ptr(), count };
                // SAFETY: both are `count` long.
                unsafe { run::<1, L, _>(&Less(means[i]), &spans) };
            }
            for i in 0..rows {
                for j in (i..rows).step_by(TOGETHER) {
                    let part: [&[f64]; TOGETHER] = std::array::from_fn(|k| {
                        let at = (j + k).min(rows - 1) * BLOCK;
                        &centred[at..at + count]
                    });
                    let sums = products::<L>(&centred[i * BLOCK..i * BLOCK + count], part);
                    for (k, sum) in sums.into_iter().enumerate().take(rows - j) {
                        out[i * rows + j + k] += sum;
                    }
                }
            }
        }
    }
}

/// The sums of products of one row with some others.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // see `load_each`
fn products<L: Lane>(one: &[f64], others: [&[f64]; TOGETHER]) -> [f64; TOGETHER] {
    let count = one.len();
    assert!(others.iter().all(|other| other.len() == count));
    let mut sums = [L::splat(0.0); TOGETHER];
    let mut i = 0;
    // SAFETY: what is read begins at i and ends before `count`, which is the length of all.
    unsafe {
        while i + L::WIDTH <= count {
            let x = L::load(one.as_ptr().add(i));
            for k in 0..TOGETHER {
                sums[k] = L::load(others[k].as_ptr().add(i)).fma(x, sums[k]);
            }
            i += L::WIDTH;
        }
        if i < count {
            let x = L::load_first(one.as_ptr().add(i), count - i, 0.0);
            for k in 0..TOGETHER {
                sums[k] = L::load_first(others[k].as_ptr().add(i), count - i, 0.0).fma(x, sums[k]);
            }
        }
    }
    let mut found = [0.0; TOGETHER];
    for k in 0..TOGETHER {
        found[k] = sums[k].reduce(|one, other| one + other);
    }
    found
}

/// Turn sums of products (r, r) into coefficients, both triangles.
fn coefficients(rows: usize, out: &mut [f64]) {
    let deviations: Vec<f64> = (0..rows).map(|i| out[i * rows + i].sqrt()).collect();
    for i in 0..rows {
        for j in i..rows {
            let value = out[i * rows + j] / deviations[i] / deviations[j];
            let value = if value.is_nan() { value } else { value.clamp(-1.0, 1.0) };
            out[i * rows + j] = value;
            out[j * rows + i] = value;
        }
    }
}

/// `arrays_corrcoef(X, out=None)`.
#[pyfunction]
#[pyo3(signature = (X, out=None))]
#[allow(non_snake_case)] // the name of the equations
pub fn arrays_corrcoef<'py>(X: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    let x = Given::with_ndim("X", X, 2)?.at_least("X", 1)?;
    let rows = x.shape()[0];
    let mut target = Target::new(x.py(), out, &[rows, rows], &[&x], InPlace::No)?;
    let place = target.values_mut();
    place.fill(0.0);
    dispatch(Products { x: x.values(), rows, out: &mut *place });
    coefficients(rows, place);
    target.finish()
}
