//! Stencils on row-major fields, by rows of equal length so that no bounds are checked. No fused or reordered sums.

use super::dispatch::{Kernel, dispatch};
use super::vector::Lane;

/// Rows of the Laplacian that are worked out in step: each row of the field is read once for all of them.
const TOGETHER: usize = 4;

/// Five-point Laplacian of the inner points of a field with `width` columns (at least 3), in units of the spacing.
pub fn laplacian(field: &[f64], width: usize, answer: &mut [f64]) {
    dispatch(Laplacian { field, width, answer });
}

struct Laplacian<'a> {
    field: &'a [f64],
    width: usize,
    answer: &'a mut [f64],
}

impl Kernel for Laplacian<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let (inner, mut from) = (self.width - 2, 0);
        if L::WIDTH > 1 {
            for answer in self.answer.chunks_exact_mut(TOGETHER * inner) {
                let rows = &self.field[from * self.width..][..(TOGETHER + 2) * self.width];
                // SAFETY: so many rows of that width, and so many of the answer.
                unsafe { laplacian_rows::<L>(rows.as_ptr(), self.width, answer.as_mut_ptr()) };
                from += TOGETHER;
            }
        }
        laplacian_by_row(&self.field[from * self.width..], self.width, &mut self.answer[from * inner..]);
    }
}

/// `TOGETHER` rows of the answer, of `TOGETHER + 2` rows of the field.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // see `load_each`
unsafe fn laplacian_rows<L: Lane>(field: *const f64, width: usize, answer: *mut f64) {
    let inner = width - 2;
    let mut i = 0;
    while i < inner {
        let count = L::WIDTH.min(inner - i);
        // SAFETY: `count` values from the columns i, i + 1 and i + 2 of a row are within its width.
        let load = |row: usize, column: usize| unsafe {
            let from = field.add(row * width + column);
            if count == L::WIDTH { L::load(from) } else { L::load_first(from, count, 0.0) }
        };
        let mut centre = [L::splat(0.0); TOGETHER + 2];
        for row in 0..TOGETHER + 2 {
            centre[row] = load(row, i + 1);
        }
        for row in 0..TOGETHER {
            let (left, right) = (load(row + 1, i), load(row + 1, i + 2));
            let around = centre[row + 2] + centre[row] + right + left;
            let value = L::splat(-4.0).fma(centre[row + 1], around); // four times a number is exact
            // SAFETY: `count` values from the column i of a row of the answer.
            unsafe {
                let to = answer.add(row * inner + i);
                if count == L::WIDTH { value.store(to) } else { value.store_first(to, count) }
            }
        }
        i += L::WIDTH;
    }
}

/// The same row by row.
#[inline(always)]
pub fn laplacian_by_row(field: &[f64], width: usize, answer: &mut [f64]) {
    let inner = width - 2;
    for (row, answer) in answer.chunks_exact_mut(inner).enumerate() {
        let rows = &field[row * width..(row + 3) * width];
        let (above, rows) = rows.split_at(width);
        let (here, below) = rows.split_at(width);
        let (above, below) = (&above[1..=inner], &below[1..=inner]);
        let (left, centre, right) = (&here[..inner], &here[1..=inner], &here[2..]);
        for i in 0..inner {
            answer[i] = below[i] + above[i] + right[i] + left[i] - 4.0 * centre[i];
        }
    }
}

/// One explicit step of the heat equation; the ends stay.
#[inline(always)]
pub fn heat(before: &[f64], rate: f64, after: &mut [f64]) {
    let Some(inner) = before.len().checked_sub(2) else { return after.copy_from_slice(before) };
    let (left, centre, right) = (&before[..inner], &before[1..=inner], &before[2..]);
    let (first, rest) = after.split_first_mut().expect("as long");
    let (last, middle) = rest.split_last_mut().expect("as long");
    (*first, *last) = (before[0], before[inner + 1]);
    for i in 0..inner {
        middle[i] = centre[i] + rate * (left[i] - 2.0 * centre[i] + right[i]);
    }
}

/// Magnitude of the central differences of the inner points of a field with `width` columns (at least 3).
#[inline(always)]
pub fn sobel(field: &[f64], width: usize, answer: &mut [f64]) {
    let inner = width - 2;
    for (row, answer) in answer.chunks_exact_mut(inner).enumerate() {
        let rows = &field[row * width..(row + 3) * width];
        sobel_row(&rows[..width], &rows[width..2 * width], &rows[2 * width..], answer);
    }
}

/// The same for one row, given the rows around it.
#[inline(always)]
pub fn sobel_row(above: &[f64], here: &[f64], below: &[f64], answer: &mut [f64]) {
    let inner = answer.len();
    let (above, below) = (&above[1..=inner], &below[1..=inner]);
    let (left, right) = (&here[..inner], &here[2..inner + 2]);
    for i in 0..inner {
        let (gx, gy) = (right[i] - left[i], below[i] - above[i]);
        answer[i] = (gx * gx + gy * gy).sqrt();
    }
}

/// Means of three along a row.
#[inline(always)]
pub fn blur_along(row: &[f64], answer: &mut [f64]) {
    let inner = answer.len();
    let (left, centre, right) = (&row[..inner], &row[1..=inner], &row[2..inner + 2]);
    for i in 0..inner {
        answer[i] = (left[i] + centre[i] + right[i]) / 3.0;
    }
}

/// Means of three rows.
#[inline(always)]
pub fn blur_across(above: &[f64], here: &[f64], below: &[f64], answer: &mut [f64]) {
    let inner = answer.len();
    let (above, here, below) = (&above[..inner], &here[..inner], &below[..inner]);
    for i in 0..inner {
        answer[i] = (above[i] + here[i] + below[i]) / 3.0;
    }
}

/// Mean of three by three: along rows, then across; `ring` holds three rows of means.
#[inline(always)]
pub fn box_blur3(field: &[f64], width: usize, ring: &mut [f64], answer: &mut [f64]) {
    let inner = width - 2;
    let (first, rest) = ring.split_at_mut(inner);
    let (second, third) = rest.split_at_mut(inner);
    let mut rows = [first, second, third];
    blur_along(&field[..width], rows[0]);
    blur_along(&field[width..2 * width], rows[1]);
    for (row, answer) in answer.chunks_exact_mut(inner).enumerate() {
        blur_along(&field[(row + 2) * width..(row + 3) * width], rows[2]);
        blur_across(rows[0], rows[1], rows[2], answer);
        rows.rotate_left(1);
    }
}
