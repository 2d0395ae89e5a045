//! Blocks of the matrix product: which parts of A and B are packed, and the tiles over them. AVX-512.

use super::matmul_product::Product;
use super::matmul_tile::{COLUMNS, Operand, Place, ROWS, tile};

/// Rows of a packed block of A, depth of both, columns of a packed block of B: A stays in L2, B in L3.
const BLOCK_ROWS: usize = 96;
const BLOCK_DEPTH: usize = 256;
const BLOCK_COLUMNS: usize = 1008;
/// Up to this many rows, columns and depth, packing costs more than it saves.
const UNPACKED: usize = 128;

/// How many values the packed blocks of a product need: none where nothing is packed.
pub fn workspace(m: usize, k: usize, n: usize) -> usize {
    if m.max(k).max(n) <= UNPACKED {
        return 0;
    }
    (BLOCK_ROWS + BLOCK_COLUMNS.min(n.next_multiple_of(COLUMNS))) * BLOCK_DEPTH.min(k)
}

/// C = A B.
///
/// # Panics
/// Where a slice is not as long as its matrix.
#[target_feature(enable = "avx512f")]
pub fn multiply(product: &mut Product<'_>, workspace: &mut [f64]) {
    let (k, n) = (product.k, product.n);
    if product.c.is_empty() || k == 0 {
        return product.c.fill(0.0);
    }
    let m = product.rows();
    assert!(product.a.len() == m * k && product.b.len() == k * n && product.c.len() == m * n);
    if m.max(k).max(n) <= UNPACKED {
        let (a, b) = (product.a.as_ptr(), product.b.as_ptr());
        let whole = Block { rows: m, columns: n, depth: k, add: false };
        let left = |row| Operand { start: a.wrapping_add(row * k), row: k, step: 1 };
        let right = |column| Operand { start: b.wrapping_add(column), row: 0, step: n };
        // SAFETY: the slices are as long as their matrices.
        return unsafe { whole.tiles(left, right, product.c.as_mut_ptr(), n) };
    }
    packed(product, m, workspace);
}

#[target_feature(enable = "avx512f")]
fn packed(product: &mut Product<'_>, m: usize, workspace: &mut [f64]) {
    let (k, n) = (product.k, product.n);
    let (a_pack, b_pack) = workspace.split_at_mut(BLOCK_ROWS * BLOCK_DEPTH.min(k));
    for column in (0..n).step_by(BLOCK_COLUMNS) {
        let columns = BLOCK_COLUMNS.min(n - column);
        for first in (0..k).step_by(BLOCK_DEPTH) {
            let depth = BLOCK_DEPTH.min(k - first);
            pack_b(&product.b[first * n..(first + depth) * n], n, column, columns, b_pack);
            for row in (0..m).step_by(BLOCK_ROWS) {
                let rows = BLOCK_ROWS.min(m - row);
                pack_a(&product.a[row * k..(row + rows) * k], k, first, depth, a_pack);
                let (a, b) = (a_pack.as_ptr(), b_pack.as_ptr());
                let left = |row| Operand { start: a.wrapping_add(row * depth), row: 1, step: ROWS };
                let right = |column| Operand { start: b.wrapping_add(column * depth), row: 0, step: COLUMNS };
                let block = Block { rows, columns, depth, add: first > 0 };
                let c = product.c[row * n + column..].as_mut_ptr();
                // SAFETY: the packed panels are `depth` deep and whole; C has `rows` rows and `columns` columns here.
                unsafe { block.tiles(left, right, c, n) };
            }
        }
    }
}

/// Copy columns `first..first + depth` of the rows into panels of eight rows, k by k.
fn pack_a(rows: &[f64], k: usize, first: usize, depth: usize, pack: &mut [f64]) {
    for (panel, rows) in pack.chunks_mut(ROWS * depth).zip(rows.chunks(ROWS * k)) {
        for (r, row) in rows.chunks_exact(k).enumerate() {
            for (&value, place) in row[first..first + depth].iter().zip(panel[r..].iter_mut().step_by(ROWS)) {
                *place = value;
            }
        }
    }
}

/// Copy `columns` columns from `column` of the rows into panels of 24 columns, k by k.
fn pack_b(rows: &[f64], n: usize, column: usize, columns: usize, pack: &mut [f64]) {
    let depth = rows.len() / n;
    for (row, values) in rows.chunks_exact(n).enumerate() {
        for (panel, part) in values[column..column + columns].chunks(COLUMNS).enumerate() {
            let start = (panel * depth + row) * COLUMNS;
            pack[start..start + part.len()].copy_from_slice(part);
        }
    }
}

/// The size of a part of C, and whether it adds to what earlier depths have given.
struct Block {
    rows: usize,
    columns: usize,
    depth: usize,
    add: bool,
}

impl Block {
    /// All tiles of the block; `left` and `right` tell where the operands of a row and of a column begin.
    ///
    /// # Safety
    /// The operands must be readable for `depth` and the tile's rows and columns, and C, whose rows are
    /// `c_row` apart, for the block's.
    #[inline]
    #[target_feature(enable = "avx512f")]
    unsafe fn tiles(
        &self,
        left: impl Fn(usize) -> Operand,
        right: impl Fn(usize) -> Operand,
        c: *mut f64,
        c_row: usize,
    ) {
        for column in (0..self.columns).step_by(COLUMNS) {
            let columns = COLUMNS.min(self.columns - column);
            for row in (0..self.rows).step_by(ROWS) {
                let rows = ROWS.min(self.rows - row);
                let place = Place { start: c.wrapping_add(row * c_row + column), row: c_row, add: self.add };
                // SAFETY: the caller's promise, for this tile.
                unsafe { tile(rows, columns, self.depth, left(row), right(column), place) };
            }
        }
    }
}
