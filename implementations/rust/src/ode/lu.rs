//! LU with row pivoting, column by column, in place: for systems too small for LAPACK to pay.

#[cfg(target_arch = "x86_64")]
mod block;
#[cfg(target_arch = "x86_64")]
pub mod wide;

use std::ops::{AddAssign, Div, Mul, SubAssign};

use numpy::Complex64;

/// A number that all ways to decompose know.
#[cfg(not(target_arch = "x86_64"))]
pub use Scalar as Number;
#[cfg(target_arch = "x86_64")]
pub use block::Wide as Number;

/// A number that a matrix can hold.
pub trait Scalar: Copy + AddAssign + SubAssign + Mul<Output = Self> + Div<Output = Self> {
    /// Zero.
    const ZERO: Self;
    /// The size by which pivots are chosen, as LAPACK has it.
    fn size(self) -> f64;
    /// Whether it is neither infinite nor NaN.
    fn finite(self) -> bool;
}

impl Scalar for f64 {
    const ZERO: Self = 0.0;

    #[inline(always)]
    fn size(self) -> f64 {
        self.abs()
    }

    #[inline(always)]
    fn finite(self) -> bool {
        self.is_finite()
    }
}

impl Scalar for Complex64 {
    const ZERO: Self = Self::ZERO;

    #[inline(always)]
    fn size(self) -> f64 {
        self.re.abs() + self.im.abs()
    }

    #[inline(always)]
    fn finite(self) -> bool {
        self.is_finite()
    }
}

/// Factor the matrix (n, n) that stands column by column in `a`. Returns the first zero pivot, counted from 1.
#[inline]
pub fn factor<T: Scalar>(a: &mut [T], n: usize, pivots: &mut [i32]) -> Option<usize> {
    let mut singular = None;
    for k in 0..n {
        let p = pivot_row(&a[k * n..][..n], k);
        pivots[k] = p as i32;
        if a[k * n + p].size() == 0.0 {
            singular = singular.or(Some(k + 1));
            continue;
        }
        if p != k {
            for row in a.chunks_exact_mut(n) {
                row.swap(k, p);
            }
        }
        eliminate(a, n, k);
    }
    singular
}

/// The row of the largest entry from row `k` on; the first of several.
#[inline(always)]
fn pivot_row<T: Scalar>(column: &[T], k: usize) -> usize {
    let mut p = k;
    for i in k + 1..column.len() {
        if column[i].size() > column[p].size() {
            p = i;
        }
    }
    p
}

#[inline]
fn eliminate<T: Scalar>(a: &mut [T], n: usize, k: usize) {
    let (left, right) = a.split_at_mut((k + 1) * n);
    let column = &mut left[k * n..];
    let pivot = column[k];
    for v in &mut column[k + 1..] {
        *v = *v / pivot;
    }
    for other in right.chunks_exact_mut(n) {
        let top = other[k];
        // Most entries of a large Jacobian are zero.
        if n > 8 && top.size() == 0.0 {
            continue;
        }
        for (v, l) in other[k + 1..].iter_mut().zip(&column[k + 1..]) {
            *v -= *l * top;
        }
    }
}

/// Solve for one right side, in place.
#[inline(always)]
pub fn solve<T: Scalar>(a: &[T], n: usize, pivots: &[i32], b: &mut [T]) {
    let (a, pivots, b) = (&a[..n * n], &pivots[..n], &mut b[..n]);
    for (k, p) in pivots.iter().enumerate() {
        b.swap(k, *p as usize);
    }
    for (k, column) in a.chunks_exact(n).enumerate() {
        let (done, below) = b.split_at_mut(k + 1);
        for (v, l) in below.iter_mut().zip(&column[k + 1..]) {
            *v -= *l * done[k];
        }
    }
    for (k, column) in a.chunks_exact(n).enumerate().rev() {
        b[k] = b[k] / column[k];
        let (above, rest) = b.split_at_mut(k);
        for (v, u) in above.iter_mut().zip(&column[..k]) {
            *v -= *u * rest[0];
        }
    }
}
