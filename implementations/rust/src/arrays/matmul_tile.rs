//! The register tile of the matrix product: up to eight rows of C by three vectors of eight columns.
//!
//! 24 accumulators, 3 vectors of B and 1 broadcast of A fill 28 of the 32 registers of AVX-512. Every product
//! is fused with its addition, in the order of k: sums do not depend on where the tile lies.

use std::arch::x86_64::*;

/// Rows of a full tile.
pub const ROWS: usize = 8;
/// Lanes of a vector.
pub const LANES: usize = 8;
/// Columns of a full tile.
pub const COLUMNS: usize = 3 * LANES;

/// Where an operand of a tile begins, and how far its next row and the next k are.
#[derive(Clone, Copy)]
pub struct Operand {
    /// Its first value.
    pub start: *const f64,
    /// From a row to the next.
    pub row: usize,
    /// From a k to the next.
    pub step: usize,
}

/// The tile's place in C: its first value, the length of C's rows, and whether to add to what is there.
#[derive(Clone, Copy)]
pub struct Place {
    /// The tile's first value.
    pub start: *mut f64,
    /// From a row to the next.
    pub row: usize,
    /// Whether to add to what is there.
    pub add: bool,
}

/// One tile with as many rows and vectors as the compiler knows; `last` are the lanes of its last vector.
///
/// # Safety
/// For each k below `depth`: `a` may be read at `row * r + step * k` for r below `R`, and `b` at `step * k`
/// onwards for `V` vectors, of the last one the lanes in `last`; so may C be read and written.
#[inline]
#[target_feature(enable = "avx512f")]
unsafe fn sized<const R: usize, const V: usize>(
    depth: usize,
    a: Operand,
    b: Operand,
    c: Place,
    last: __mmask8,
) {
    let mask = |v: usize| if v + 1 == V { last } else { 0xff };
    let mut sums = [[_mm512_setzero_pd(); V]; R];
    let (mut left, mut right) = (a.start, b.start);
    for _ in 0..depth {
        let mut row = [_mm512_setzero_pd(); V];
        for (v, vector) in row.iter_mut().enumerate() {
            // SAFETY: within B, as the caller promises; lanes outside are not read.
            *vector = unsafe { _mm512_maskz_loadu_pd(mask(v), right.add(v * LANES)) };
        }
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: within A, as the caller promises.
            let factor = _mm512_set1_pd(unsafe { *left.add(r * a.row) });
            for (sum, vector) in sums.iter_mut().zip(row) {
                *sum = _mm512_fmadd_pd(factor, vector, *sum);
            }
        }
        left = left.wrapping_add(a.step);
        right = right.wrapping_add(b.step);
    }
    for (r, sums) in sums.iter().enumerate() {
        for (v, &sum) in sums.iter().enumerate() {
            // SAFETY: within C, as the caller promises; lanes outside are neither read nor written.
            unsafe {
                let place = c.start.add(r * c.row + v * LANES);
                let before = if c.add { _mm512_maskz_loadu_pd(mask(v), place) } else { _mm512_setzero_pd() };
                let value = if c.add { _mm512_add_pd(before, sum) } else { sum };
                _mm512_mask_storeu_pd(place, mask(v), value);
            }
        }
    }
}

/// One tile of `rows` (1 to 8) by `columns` (1 to 24).
///
/// # Safety
/// As of `sized`, with so many rows and columns.
#[inline]
#[target_feature(enable = "avx512f")]
pub unsafe fn tile(rows: usize, columns: usize, depth: usize, a: Operand, b: Operand, c: Place) {
    let vectors = columns.div_ceil(LANES);
    let last = 0xff_u8 >> (vectors * LANES - columns);
    macro_rules! by_size {
        ($($r:literal)*) => {
            match (rows, vectors) {
                $(
                    // SAFETY: the caller's promise is that of `sized`.
                    ($r, 1) => unsafe { sized::<$r, 1>(depth, a, b, c, last) },
                    ($r, 2) => unsafe { sized::<$r, 2>(depth, a, b, c, last) },
                    ($r, 3) => unsafe { sized::<$r, 3>(depth, a, b, c, last) },
                )*
                _ => unreachable!("a tile has 1 to 8 rows and 1 to 24 columns"),
            }
        };
    }
    by_size!(1 2 3 4 5 6 7 8);
}
