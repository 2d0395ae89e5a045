//! LU of matrices with many zeros: by AVX-512 what it is by plain loops, bit for bit, and right.

use numpy::Complex64;

use crate::ode::lu::{self, Number};

/// Numbers between -1 and 1 that look random (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 * 2.0_f64.powi(-52) - 1.0
    }
}

/// A matrix (n, n) of which a share of about `density` is not zero, and a right side without zeros.
fn system<T: Number>(
    n: usize,
    density: f64,
    number: impl Fn(f64, f64) -> T,
    random: &mut Random,
) -> (Vec<T>, Vec<T>) {
    let mut entry = |density: f64| {
        let v = number(random.next(), random.next());
        if (random.next() + 1.0) / 2.0 < density { v } else { T::ZERO }
    };
    let matrix = (0..n * n).map(|_| entry(density)).collect();
    (matrix, (0..n).map(|_| entry(2.0)).collect())
}

#[cfg(target_arch = "x86_64")]
fn same_by_wide<T: Number + PartialEq + std::fmt::Debug>(number: impl Fn(f64, f64) -> T + Copy) {
    let mut random = Random(7);
    for n in (5..=40).filter(|&n| lu::wide::suits(n)) {
        for density in [1.0, 0.5, 0.2, 0.05] {
            let (matrix, b) = system(n, density, number, &mut random);
            let (mut plain, mut pivots) = (matrix.clone(), vec![0; n]);
            let stride = lu::wide::stride::<T>(n);
            let (mut wide, mut rows) = (vec![T::ZERO; n * stride], vec![0; n]);
            for (column, from) in wide.chunks_exact_mut(stride).zip(matrix.chunks_exact(n)) {
                column[..n].copy_from_slice(from);
            }
            let singular = lu::factor(&mut plain, n, &mut pivots);
            // SAFETY: it suits.
            assert_eq!(unsafe { lu::wide::factor(&mut wide, n, &mut rows) }, singular);
            for (column, from) in wide.chunks_exact(stride).zip(plain.chunks_exact(n)) {
                assert_eq!(&column[..n], from, "n = {n}, density {density}");
            }
            if singular.is_none() {
                let (mut x, mut y) = (b.clone(), b);
                lu::solve(&plain, n, &pivots, &mut x);
                // SAFETY: as above.
                unsafe { lu::wide::solve(&wide, n, &rows, &mut y) };
                assert_eq!(x, y, "n = {n}, density {density}");
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[test]
fn wide_lu_is_plain_lu() {
    same_by_wide(|re, _| re);
    same_by_wide(Complex64::new);
}

#[test]
fn lu_solves() {
    let mut random = Random(11);
    for n in [1, 2, 5, 9, 20] {
        let density = if n < 9 { 1.0 } else { 0.5 };
        let (matrix, b) = system(n, density, |re, _| re, &mut random);
        let (mut factors, mut pivots, mut x) = (matrix.clone(), vec![0; n], b.clone());
        assert_eq!(lu::factor(&mut factors, n, &mut pivots), None);
        lu::solve(&factors, n, &pivots, &mut x);
        for i in 0..n {
            let product: f64 = (0..n).map(|j| matrix[j * n + i] * x[j]).sum();
            let size: f64 = (0..n).map(|j| (matrix[j * n + i] * x[j]).abs()).sum();
            assert!((product - b[i]).abs() <= 1e-12 * size.max(1.0), "n = {n}, row {i}");
        }
    }
}
