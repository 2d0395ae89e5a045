//! Dense matrix products by register tiles, on several threads, and by blocks without tiles.

#[cfg(target_arch = "x86_64")]
use super::matmul_blocks as blocks;
use super::share::{share_chunks, threads};
#[cfg(target_arch = "x86_64")]
use super::workspace::with_workspace;

/// Products with fewer multiplications are not shared between threads.
const WORTH_SHARING: usize = 1 << 18;

/// Row-major matrices (m, k), (k, n) and (m, n) of a product.
pub struct Product<'a> {
    /// The left factor.
    pub a: &'a [f64],
    /// The right factor.
    pub b: &'a [f64],
    /// The answer.
    pub c: &'a mut [f64],
    /// Columns of A, rows of B.
    pub k: usize,
    /// Columns of B and C.
    pub n: usize,
}

impl Product<'_> {
    /// How many rows C has.
    pub fn rows(&self) -> usize {
        self.c.len().checked_div(self.n).unwrap_or(0)
    }
}

/// C = A B by register tiles: AVX-512 where the processor has it, else the crate `matrixmultiply`.
pub fn tiled(product: &mut Product<'_>) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx512f") {
        let length = blocks::workspace(product.rows(), product.k, product.n);
        // SAFETY: the processor has it.
        return with_workspace(length, |workspace| unsafe { blocks::multiply(product, workspace) });
    }
    portable(product);
}

/// The same with AVX2 or NEON.
pub fn portable(product: &mut Product<'_>) {
    let (m, k, n) = (product.rows(), product.k, product.n);
    if m == 0 || k == 0 {
        return product.c.fill(0.0);
    }
    assert!(product.a.len() == m * k && product.b.len() == k * n && product.c.len() == m * n);
    let (a, b, c) = (product.a.as_ptr(), product.b.as_ptr(), product.c.as_mut_ptr());
    let (across, along) = (k as isize, n as isize);
    // SAFETY: the slices are as long as their matrices, which are row-major; C is not read where beta is 0.
    unsafe { matrixmultiply::dgemm(m, k, n, 1.0, a, across, 1, b, along, 1, 0.0, c, along, 1) }
}

/// The same, C's rows shared out among the threads.
pub fn shared(product: &mut Product<'_>) {
    let (m, k, n) = (product.rows(), product.k, product.n);
    if m * k * n < WORTH_SHARING {
        return tiled(product);
    }
    let rows = m.div_ceil(threads()).next_multiple_of(8);
    let (a, b) = (product.a, product.b);
    share_chunks(product.c, rows * n, |part, c| {
        let a = &a[part * rows * k..][..c.len() / n * k];
        tiled(&mut Product { a, b, c, k, n });
    });
}

/// The same by blocks of 64 in all three directions, without register tiles: what a seed advises.
pub fn blocked(product: &mut Product<'_>) {
    const BLOCK: usize = 64;
    let (m, k, n) = (product.rows(), product.k, product.n);
    product.c.fill(0.0);
    for top in (0..m).step_by(BLOCK) {
        for first in (0..k).step_by(BLOCK) {
            for left in (0..n).step_by(BLOCK) {
                let columns = left..n.min(left + BLOCK);
                for row in top..m.min(top + BLOCK) {
                    let sums = &mut product.c[row * n..][columns.clone()];
                    for depth in first..k.min(first + BLOCK) {
                        let factor = product.a[row * k + depth];
                        for (sum, value) in sums.iter_mut().zip(&product.b[depth * n..][columns.clone()]) {
                            *sum += factor * value;
                        }
                    }
                }
            }
        }
    }
}
