//! The same decomposition by AVX-512, with the same roundings: where there are more equations than registers hold.
//!
//! Columns are padded with zeros to whole blocks of 64 bytes, so that no loop has a rest. What is to be subtracted
//! times zero is skipped: most entries of a Jacobian are zero. The next pivot is sought as soon as its column is
//! ready, while the processor is busy with the others.

use std::arch::x86_64::*;

pub use super::block::Wide;
use super::block::{Block, load, store};
use super::pivot_row;

/// Equations at most.
const MOST: usize = 40;
/// Numbers in a block at most.
const MOST_PER: usize = 8;

/// Whether the processor can do this, and it pays for `n` equations.
#[inline(always)]
pub fn suits(n: usize) -> bool {
    cfg!(not(miri)) && (5..=MOST).contains(&n) && is_x86_feature_detected!("avx512f")
}

/// From one column to the next.
#[inline(always)]
pub fn stride<T: Wide>(n: usize) -> usize {
    n.next_multiple_of(T::PER)
}

/// The lanes of the numbers from `row` on, of a block and those below it.
#[inline(always)]
fn from_row<T: Wide>(row: usize) -> u128 {
    u128::MAX << (row * (8 / T::PER))
}

/// Factor the matrix (n, n) whose columns begin `stride` apart. Returns the first zero pivot, counted from 1.
///
/// `rows` becomes the order in which the rows have been taken.
///
/// # Safety
/// `suits(n)`.
#[target_feature(enable = "avx512f")]
pub unsafe fn factor<T: Wide>(a: &mut [T], n: usize, rows: &mut [i32]) -> Option<usize> {
    let stride = stride::<T>(n);
    assert!(n <= MOST && a.len() == n * stride && rows.len() == n);
    for (i, row) in rows.iter_mut().enumerate() {
        *row = i as i32;
    }
    let mut singular = None;
    let mut p = pivot_row(&a[..n], 0);
    for k in 0..n {
        rows.swap(k, p);
        if a[k * stride + p].size() == 0.0 {
            singular = singular.or(Some(k + 1));
            if k + 1 < n {
                p = pivot_row(&a[(k + 1) * stride..][..n], k + 1);
            }
            continue;
        }
        if p != k {
            for column in a.chunks_exact_mut(stride) {
                column.swap(k, p);
            }
        }
        macro_rules! eliminate {
            ($($blocks:literal)*) => {
                match (stride - k).div_ceil(T::PER) {
                    $($blocks => eliminate::<T, $blocks>(a, n, k),)*
                    _ => unreachable!(),
                }
            };
        }
        p = eliminate!(1 2 3 4 5 6 7 8 9 10);
    }
    singular
}

/// Subtract multiples of row `k` from the rows below it. Returns where in the next column the largest entry is.
///
/// `BLOCKS`: those from the one that holds row `k` on.
#[inline]
#[target_feature(enable = "avx512f")]
fn eliminate<T: Wide, const BLOCKS: usize>(a: &mut [T], n: usize, k: usize) -> usize {
    let stride = stride::<T>(n);
    let first = k / T::PER * T::PER;
    let below = from_row::<T>(k + 1 - first) as __mmask8;
    let pivot = a[k * stride + k];
    let column = &mut a[k * stride + first..];
    let mut l = load::<T, BLOCKS>(column);
    for (r, l) in l.iter_mut().enumerate() {
        let mask = if r == 0 { below } else { u8::MAX };
        *l = _mm512_mask_mov_pd(*l, mask, T::quotient(*l, pivot));
    }
    store(column, l);
    let mut next = k;
    for (j, column) in a.chunks_exact_mut(stride).enumerate().skip(k + 1) {
        let top = column[k];
        if top.size() == 0.0 && j > k + 1 {
            continue;
        }
        let by = T::spread(top.splat());
        let column = &mut column[first..];
        let mut v = load::<T, BLOCKS>(column);
        for r in 0..BLOCKS {
            let mask = if r == 0 { below } else { u8::MAX };
            v[r] = _mm512_mask_sub_pd(v[r], mask, v[r], T::product(l[r], by));
        }
        store(column, v);
        if j == k + 1 {
            next = first + largest::<T, BLOCKS>(v, k + 1 - first, n - first);
        }
    }
    next
}

/// The row of the largest entry from `row` on, of `rows`; the first of several.
#[inline]
#[target_feature(enable = "avx512f")]
fn largest<T: Wide, const BLOCKS: usize>(column: [Block; BLOCKS], row: usize, rows: usize) -> usize {
    let live = from_row::<T>(row) & !from_row::<T>(rows);
    let mut most = _mm512_setzero_pd();
    let mut sizes = column;
    for r in 0..BLOCKS {
        sizes[r] = T::sizes(column[r]);
        most = _mm512_mask_max_pd(most, (live >> (8 * r)) as __mmask8, sizes[r], most);
    }
    let most = _mm512_set1_pd(_mm512_reduce_max_pd(most));
    let mut found = 0;
    for r in 0..BLOCKS {
        let lanes = _mm512_mask_cmp_pd_mask::<_CMP_EQ_OQ>((live >> (8 * r)) as __mmask8, sizes[r], most);
        found |= u128::from(lanes) << (8 * r);
    }
    if found == 0 { row } else { found.trailing_zeros() as usize * T::PER / 8 }
}

/// Solve for one right side, in place.
///
/// # Safety
/// `suits(n)`.
#[target_feature(enable = "avx512f")]
pub unsafe fn solve<T: Wide>(a: &[T], n: usize, rows: &[i32], b: &mut [T]) {
    let stride = stride::<T>(n);
    assert!(n <= MOST && a.len() == n * stride && rows.len() == n && b.len() == n);
    let mut room = [T::ZERO; MOST];
    for (x, row) in room.iter_mut().zip(rows) {
        *x = b[*row as usize];
    }
    let x = &mut room[..stride];
    for first in (0..n).step_by(T::PER) {
        forward(a, first, n, x);
    }
    for first in (0..n).step_by(T::PER).rev() {
        backward(a, first, n, x);
    }
    b.copy_from_slice(&x[..n]);
}

/// Do a thing with a number of rows that the compiler knows.
macro_rules! by_rows {
    ($rows:expr, $name:ident => $thing:expr) => {
        by_rows!($rows, $name => $thing, 1 2 3 4 5 6 7 8)
    };
    ($rows:expr, $name:ident => $thing:expr, $($known:literal)*) => {
        match $rows {
            $($known => { const $name: usize = $known; $thing })*
            _ => unreachable!("a block has at most eight rows"),
        }
    };
}

/// Solve with L for the block from row `first` on, and take it out of the blocks below.
#[inline]
#[target_feature(enable = "avx512f")]
fn forward<T: Wide>(a: &[T], first: usize, n: usize, x: &mut [T]) {
    let (stride, columns) = (x.len(), &a[first * x.len()..]);
    let block = &mut x[first..];
    by_rows!((n - first).min(T::PER), ROWS => lower::<T, ROWS>(&columns[first..], stride, block));
    if n - first < T::PER {
        return;
    }
    let by: [T::Spread; MOST_PER] = std::array::from_fn(|i| T::spread(block[i.min(T::PER - 1)].splat()));
    for at in (first + T::PER..n).step_by(T::PER) {
        let [mut v] = load(&x[at..]);
        for i in 0..T::PER {
            let [l] = load(&columns[i * stride + at..]);
            v = _mm512_sub_pd(v, T::product(l, by[i]));
        }
        store(&mut x[at..], [v]);
    }
}

/// Solve with U for the block from row `first` on, and take it out of the blocks above.
#[inline]
#[target_feature(enable = "avx512f")]
fn backward<T: Wide>(a: &[T], first: usize, n: usize, x: &mut [T]) {
    let (stride, columns) = (x.len(), &a[first * x.len()..]);
    let rows = (n - first).min(T::PER);
    let block = &mut x[first..];
    by_rows!(rows, ROWS => upper::<T, ROWS>(&columns[first..], stride, block));
    let by: [T::Spread; MOST_PER] = std::array::from_fn(|i| T::spread(block[i.min(T::PER - 1)].splat()));
    for at in (0..first).step_by(T::PER) {
        let [mut v] = load(&x[at..]);
        for i in (0..T::PER).rev() {
            if i < rows {
                let [u] = load(&columns[i * stride + at..]);
                v = _mm512_sub_pd(v, T::product(u, by[i]));
            }
        }
        store(&mut x[at..], [v]);
    }
}

/// Solve with L within a block, number by number: in a chain of single numbers nothing waits for a register to be
/// spread.
#[inline(always)]
fn lower<T: Wide, const ROWS: usize>(columns: &[T], stride: usize, x: &mut [T]) {
    assert!(ROWS <= x.len() && (ROWS - 1) * stride + ROWS <= columns.len());
    let mut done = [T::ZERO; ROWS];
    for i in 0..ROWS {
        let mut v = x[i];
        for j in 0..i {
            // SAFETY: j and i are less than `ROWS`, and that has just been checked.
            v -= unsafe { *columns.get_unchecked(j * stride + i) } * done[j];
        }
        done[i] = v;
        x[i] = v;
    }
}

/// The same with U.
#[inline(always)]
fn upper<T: Wide, const ROWS: usize>(columns: &[T], stride: usize, x: &mut [T]) {
    assert!(ROWS <= x.len() && (ROWS - 1) * stride + ROWS <= columns.len());
    let mut done = [T::ZERO; ROWS];
    for i in (0..ROWS).rev() {
        let mut v = x[i];
        for j in (i + 1..ROWS).rev() {
            // SAFETY: as above.
            v -= unsafe { *columns.get_unchecked(j * stride + i) } * done[j];
        }
        // SAFETY: as above.
        v = v / unsafe { *columns.get_unchecked(i * stride + i) };
        done[i] = v;
        x[i] = v;
    }
}
