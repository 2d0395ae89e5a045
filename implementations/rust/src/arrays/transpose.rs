//! The transposed copy of a matrix, by tiles that fit into the first-level cache with their answer.

use super::arguments::{Given, InPlace, Target};
use super::bind::Answer;
use pyo3::prelude::*;

/// Side of a tile: four cache lines on both sides.
const TILE: usize = 32;
/// Side of a square that is turned in registers.
const SQUARE: usize = 4;

/// A matrix and the place of its transposed, row-major; `square` turns a square of four.
struct Matrices<'a> {
    values: &'a [f64],
    columns: usize,
    answer: &'a mut [f64],
    rows: usize,
}

impl Matrices<'_> {
    /// All tiles.
    #[inline(always)]
    fn transpose(&mut self, square: impl Fn(&mut Self, usize, usize)) {
        for top in (0..self.rows).step_by(TILE) {
            for left in (0..self.columns).step_by(TILE) {
                self.tile((top, self.rows.min(top + TILE)), (left, self.columns.min(left + TILE)), &square);
            }
        }
    }

    /// A tile: whole squares, then what is left to the right and below.
    #[inline(always)]
    fn tile(
        &mut self,
        (top, bottom): (usize, usize),
        (left, right): (usize, usize),
        square: &impl Fn(&mut Self, usize, usize),
    ) {
        let (low, far) = (bottom - (bottom - top) % SQUARE, right - (right - left) % SQUARE);
        for column in (left..far).step_by(SQUARE) {
            for row in (top..low).step_by(SQUARE) {
                square(self, row, column);
            }
        }
        self.one_by_one((top, low), (far, right));
        self.one_by_one((low, bottom), (left, right));
    }

    #[inline(always)]
    fn one_by_one(&mut self, (top, bottom): (usize, usize), (left, right): (usize, usize)) {
        for column in left..right {
            for row in top..bottom {
                self.answer[column * self.rows + row] = self.values[row * self.columns + column];
            }
        }
    }
}

/// The transposed copy of a matrix with so many columns.
pub fn transpose(values: &[f64], columns: usize, answer: &mut [f64]) {
    let rows = values.len().checked_div(columns).unwrap_or(0);
    assert!(values.len() == rows * columns && answer.len() == values.len());
    let mut matrices = Matrices { values, columns, answer, rows };
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx") {
        // SAFETY: the processor has it.
        return unsafe { transpose_avx(&mut matrices) };
    }
    matrices.transpose(|matrices, row, column| {
        matrices.one_by_one((row, row + SQUARE), (column, column + SQUARE))
    });
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx")]
fn transpose_avx(matrices: &mut Matrices<'_>) {
    matrices.transpose(|matrices, row, column| {
        // SAFETY: `transpose` asks for squares within the matrix only, and this is a function with AVX.
        unsafe { square_avx(matrices, row, column) }
    });
}

/// # Safety
/// The square from (row, column) must lie within the matrix.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx")]
unsafe fn square_avx(matrices: &mut Matrices<'_>, row: usize, column: usize) {
    use std::arch::x86_64::*;
    let (columns, rows) = (matrices.columns, matrices.rows);
    // SAFETY: four rows of four values within the matrix, and as many within its transposed.
    unsafe {
        let from = matrices.values.as_ptr().add(row * columns + column);
        let to = matrices.answer.as_mut_ptr().add(column * rows + row);
        let (a, b) = (_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(columns)));
        let (c, d) = (_mm256_loadu_pd(from.add(2 * columns)), _mm256_loadu_pd(from.add(3 * columns)));
        let (ab, cd) = (_mm256_unpacklo_pd(a, b), _mm256_unpacklo_pd(c, d));
        let (ba, dc) = (_mm256_unpackhi_pd(a, b), _mm256_unpackhi_pd(c, d));
        _mm256_storeu_pd(to, _mm256_permute2f128_pd::<0x20>(ab, cd));
        _mm256_storeu_pd(to.add(rows), _mm256_permute2f128_pd::<0x20>(ba, dc));
        _mm256_storeu_pd(to.add(2 * rows), _mm256_permute2f128_pd::<0x31>(ab, cd));
        _mm256_storeu_pd(to.add(3 * rows), _mm256_permute2f128_pd::<0x31>(ba, dc));
    }
}

/// `arrays_transpose(a, out=None)`.
#[pyfunction]
#[pyo3(signature = (a, out=None))]
pub fn arrays_transpose<'py>(a: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
    let given: Given = Given::with_ndim("a", a, 2)?;
    let &[rows, columns] = given.shape() else { unreachable!("it has two dimensions") };
    let mut target: Target = Target::new(a.py(), out, &[columns, rows], &[&given], InPlace::No)?;
    transpose(given.values(), columns, target.values_mut());
    target.finish()
}
