//! Reductions of matrices along an axis.
//!
//! Along rows: a full reduction each. Down columns: eight rows at a time are added to a row of sums, so the
//! matrix is read in order; variances by blocks of rows, two passes while a block is in the second cache, and
//! Chan's merge.

use super::arguments::{Given, InPlace, Target};
use super::bind::{Answer, Out};
use super::dispatch::{Kernel, dispatch};
use super::elementwise::{Map, Spans, run};
use super::fold::{self, Sum};
use super::moments;
use super::vector::Lane;
use pyo3::prelude::*;

/// Columns whose sums stay in the first cache.
const COLUMNS: usize = 1024;
/// Rows whose moments are taken together.
const ROWS: usize = 32;

/// A matrix: rows of `width` elements.
#[derive(Clone, Copy)]
struct Matrix<'a> {
    values: &'a [f64],
    width: usize,
}

impl Matrix<'_> {
    /// Where row `i` begins, from column `column` on.
    fn at(self, i: usize, column: usize) -> *const f64 {
        self.values[i * self.width + column..].as_ptr()
    }
}

/// sums + the sum of R rows.
struct AddRows<const R: usize>;
/// sums + the sum of R rows' squared deviations from a row of means.
struct AddSquares<const R: usize>;
/// The same value divided.
struct Over(f64);

/// Maps of sums (and means) and R rows; K is R and what comes before.
macro_rules! of_rows {
    ($rows:literal, $with_sums:literal, $with_means:literal) => {
        impl Map<$with_sums> for AddRows<$rows> {
            #[inline(always)]
            #[allow(clippy::needless_range_loop, clippy::reversed_empty_ranges)] // see `load_each`
            fn at<L: Lane>(&self, x: [L; $with_sums]) -> L {
                let mut sum = x[$rows];
                for k in 1..$rows {
                    sum = sum + x[k];
                }
                x[0] + sum
            }
        }
        impl Map<$with_means> for AddSquares<$rows> {
            #[inline(always)]
            #[allow(clippy::needless_range_loop, clippy::reversed_empty_ranges)] // see `load_each`
            fn at<L: Lane>(&self, x: [L; $with_means]) -> L {
                let mut sum = x[0];
                for k in 2..$with_means {
                    let off = x[k] - x[1];
                    sum = off.fma(off, sum);
                }
                sum
            }
        }
    };
}
of_rows!(8, 9, 10);
of_rows!(1, 2, 3);

impl Map<1> for Over {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x / L::splat(self.0)
    }
}

/// Add rows `from..to` of `count` columns to `sums`.
#[inline(always)]
fn add_rows<L: Lane>(x: Matrix<'_>, from: usize, to: usize, column: usize, sums: &mut [f64]) {
    let (out, count) = (sums.as_mut_ptr(), sums.len());
    let mut i = from;
    // SAFETY: `sums` are as long as the part of each row that is read, and the first argument.
    unsafe {
        while i + 8 <= to {
            let mut given = [out.cast_const(); 9];
            for (k, row) in given[1..].iter_mut().enumerate() {
                *row = x.at(i + k, column);
            }
            run::<9, L, _>(&AddRows::<8>, &Spans { given, out, count });
            i += 8;
        }
        while i < to {
            let given = [out.cast_const(), x.at(i, column)];
            run::<2, L, _>(&AddRows::<1>, &Spans { given, out, count });
            i += 1;
        }
    }
}

/// Add the squared deviations of rows `from..to` from `means` to `sums`.
#[inline(always)]
fn add_squares<L: Lane>(
    x: Matrix<'_>,
    from: usize,
    to: usize,
    column: usize,
    means: &[f64],
    sums: &mut [f64],
) {
    let (out, count) = (sums.as_mut_ptr(), sums.len());
    assert!(means.len() == count);
    let mut i = from;
    // SAFETY: as in `add_rows`.
    unsafe {
        while i + 8 <= to {
            let mut given = [means.as_ptr(); 10];
            given[0] = out.cast_const();
            for (k, row) in given[2..].iter_mut().enumerate() {
                *row = x.at(i + k, column);
            }
            run::<10, L, _>(&AddSquares::<8>, &Spans { given, out, count });
            i += 8;
        }
        while i < to {
            let given = [out.cast_const(), means.as_ptr(), x.at(i, column)];
            run::<3, L, _>(&AddSquares::<1>, &Spans { given, out, count });
            i += 1;
        }
    }
}

/// What is asked of a matrix, and where the answer goes.
struct Asked<'a> {
    x: Matrix<'a>,
    rows: usize,
    out: &'a mut [f64],
}

struct SumDown<'a>(Asked<'a>);
struct VarDown<'a>(Asked<'a>);
struct SumAlong<'a>(Asked<'a>);
struct StdAlong<'a>(Asked<'a>);

impl Kernel for SumDown<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Asked { x, rows, out } = self.0;
        out.fill(0.0);
        for (strip, sums) in out.chunks_mut(COLUMNS).enumerate() {
            add_rows::<L>(x, 0, rows, strip * COLUMNS, sums);
        }
    }
}

impl Kernel for VarDown<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Asked { x, rows, out } = self.0;
        out.fill(0.0);
        for (strip, squares) in out.chunks_mut(COLUMNS / 2).enumerate() {
            variances::<L>(x, rows, strip * (COLUMNS / 2), squares);
        }
    }
}

/// The variances of some columns, which are zero so far.
#[inline(always)]
fn variances<L: Lane>(x: Matrix<'_>, rows: usize, column: usize, squares: &mut [f64]) {
    let width = squares.len();
    let (mut means, mut block_means) = ([0.0; COLUMNS / 2], [0.0; COLUMNS / 2]);
    let (means, block_means) = (&mut means[..width], &mut block_means[..width]);
    for from in (0..rows).step_by(ROWS) {
        let to = rows.min(from + ROWS);
        let (before, count) = (from as f64, (to - from) as f64);
        block_means.fill(0.0);
        add_rows::<L>(x, from, to, column, block_means);
        let spans = Spans { given: [block_means.as_ptr()], out: block_means.as_mut_ptr(), count: width };
        // SAFETY: one array, in place.
        unsafe { run::<1, L, _>(&Over(count), &spans) };
        add_squares::<L>(x, from, to, column, block_means, squares);
        if from == 0 {
            means.copy_from_slice(block_means); // no merge: the square of a large mean times nothing is NaN
            continue;
        }
        let share = count / (before + count);
        for ((mean, square), &of_block) in means.iter_mut().zip(squares.iter_mut()).zip(block_means.iter()) {
            let apart = of_block - *mean;
            *mean += apart * share;
            *square += apart * apart * before * share;
        }
    }
    squares.iter_mut().for_each(|square| *square /= rows as f64);
}

impl Kernel for SumAlong<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Asked { x, out, .. } = self.0;
        for (i, sum) in out.iter_mut().enumerate() {
            *sum = fold::run::<1, L, _>(&Sum, [&x.values[i * x.width..(i + 1) * x.width]]);
        }
    }
}

impl Kernel for StdAlong<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let Asked { x, out, .. } = self.0;
        for (i, deviation) in out.iter_mut().enumerate() {
            *deviation = moments::run::<L>(&x.values[i * x.width..(i + 1) * x.width]).variance().sqrt();
        }
    }
}

/// Check a matrix and the place of an answer along `axis`; fill it.
fn along<'py>(
    x: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    axis: usize,
    fill: impl FnOnce(Asked<'_>),
) -> Answer<'py> {
    let x = Given::with_ndim("x", x, 2)?;
    let (rows, width) = (x.shape()[0], x.shape()[1]);
    let mut target = Target::new(x.py(), out, &[if axis == 0 { width } else { rows }], &[&x], InPlace::No)?;
    fill(Asked { x: Matrix { values: x.values(), width }, rows, out: target.values_mut() });
    target.finish()
}

/// `arrays_sum_axis0(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_sum_axis0<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    along(x, out, 0, |asked| dispatch(SumDown(asked)))
}

/// `arrays_var_axis0(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_var_axis0<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    along(x, out, 0, |asked| dispatch(VarDown(asked)))
}

/// `arrays_sum_axis1(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_sum_axis1<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    along(x, out, 1, |asked| dispatch(SumAlong(asked)))
}

/// `arrays_std_axis1(x, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, out=None))]
pub fn arrays_std_axis1<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>) -> Answer<'py> {
    along(x, out, 1, |asked| dispatch(StdAlong(asked)))
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_sum_axis0, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_sum_axis1, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_var_axis0, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_std_axis1, module)?)?;
    Ok(())
}
