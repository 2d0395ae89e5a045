//! Products of many small matrices, unrolled. Every product is fused with its addition, in the order of k.

use super::arguments::{Given, InPlace, Target, checks};
use super::bind::{Answer, Out};
use super::matmul_product::{Product, tiled};
use super::share::share_chunks;
use pyo3::prelude::*;

/// The product of two matrices of known size.
#[inline(always)]
fn product<const K: usize>(a: &[[f64; K]; K], b: &[[f64; K]; K], c: &mut [[f64; K]; K]) {
    for (row, answer) in a.iter().zip(c) {
        let mut sums = [0.0; K];
        for (&factor, b) in row.iter().zip(b) {
            for (sum, &value) in sums.iter_mut().zip(b) {
                *sum = factor.mul_add(value, *sum);
            }
        }
        *answer = sums;
    }
}

/// The matrices of a stack.
fn matrices<const K: usize>(values: &[f64]) -> &[[[f64; K]; K]] {
    values.as_chunks().0.as_chunks().0
}

/// The products of stacks of matrices, one by one.
#[inline(always)]
pub fn batch<const K: usize>(a: &[f64], b: &[f64], c: &mut [f64]) {
    let c = c.as_chunks_mut().0.as_chunks_mut().0;
    for ((a, b), c) in matrices::<K>(a).iter().zip(matrices::<K>(b)).zip(c) {
        product(a, b, c);
    }
}

/// A row of a product: fused from left to right, of a row of A and all rows of B.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2,fma")]
fn row<const K: usize>(a: &[f64; K], b: &[std::arch::x86_64::__m256d; K]) -> std::arch::x86_64::__m256d {
    use std::arch::x86_64::*;
    let mut sum = _mm256_mul_pd(_mm256_set1_pd(a[0]), b[0]);
    for k in 1..K {
        sum = _mm256_fmadd_pd(_mm256_set1_pd(a[k]), b[k], sum);
    }
    sum
}

/// The same for 4 x 4: a row is a vector.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn batch4_avx2(a: &[f64], b: &[f64], c: &mut [f64]) {
    use std::arch::x86_64::*;
    let c = c.as_chunks_mut::<4>().0.as_chunks_mut::<4>().0;
    for ((a, b), c) in matrices::<4>(a).iter().zip(matrices::<4>(b)).zip(c) {
        // SAFETY: four rows of four values in each matrix.
        unsafe {
            let rows = [
                _mm256_loadu_pd(b[0].as_ptr()),
                _mm256_loadu_pd(b[1].as_ptr()),
                _mm256_loadu_pd(b[2].as_ptr()),
                _mm256_loadu_pd(b[3].as_ptr()),
            ];
            _mm256_storeu_pd(c[0].as_mut_ptr(), row(&a[0], &rows));
            _mm256_storeu_pd(c[1].as_mut_ptr(), row(&a[1], &rows));
            _mm256_storeu_pd(c[2].as_mut_ptr(), row(&a[2], &rows));
            _mm256_storeu_pd(c[3].as_mut_ptr(), row(&a[3], &rows));
        }
    }
}

/// The same for 3 x 3: a row is three lanes of a vector.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn batch3_avx2(a: &[f64], b: &[f64], c: &mut [f64]) {
    use std::arch::x86_64::*;
    let three = _mm256_setr_epi64x(-1, -1, -1, 0);
    let c = c.as_chunks_mut::<9>().0;
    for ((a, b), c) in matrices::<3>(a).iter().zip(b.as_chunks::<9>().0).zip(c) {
        // SAFETY: three rows of three values; the fourth lane of the last is not read.
        let rows = unsafe {
            let from = b.as_ptr();
            [_mm256_loadu_pd(from), _mm256_loadu_pd(from.add(3)), _mm256_maskload_pd(from.add(6), three)]
        };
        let last = row(&a[2], &rows);
        // SAFETY: the fourth lane of the first two rows is overwritten by the next; the last stores three values.
        unsafe {
            let to = c.as_mut_ptr();
            _mm256_storeu_pd(to, row(&a[0], &rows));
            _mm256_storeu_pd(to.add(3), row(&a[1], &rows));
            _mm_storeu_pd(to.add(6), _mm256_castpd256_pd128(last));
            _mm_store_sd(to.add(8), _mm256_extractf128_pd::<1>(last));
        }
    }
}

/// The same for 2 x 2: a matrix is a vector.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
pub fn batch2_avx2(a: &[f64], b: &[f64], c: &mut [f64]) {
    use std::arch::x86_64::*;
    for ((a, b), c) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).zip(c.as_chunks_mut::<4>().0) {
        // SAFETY: a matrix is four values.
        let (a, b) = unsafe { (_mm256_loadu_pd(a.as_ptr()), _mm256_loadu_pd(b.as_ptr())) };
        let (upper, lower) = (_mm256_permute2f128_pd::<0x00>(b, b), _mm256_permute2f128_pd::<0x11>(b, b));
        let sum = _mm256_mul_pd(_mm256_movedup_pd(a), upper);
        let sum = _mm256_fmadd_pd(_mm256_permute_pd::<0b1111>(a), lower, sum);
        // SAFETY: as above.
        unsafe { _mm256_storeu_pd(c.as_mut_ptr(), sum) };
    }
}

/// All products of one size: with vectors where a processor has them.
fn all(k: usize, a: &[f64], b: &[f64], c: &mut [f64]) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has both.
        match k {
            2 => return unsafe { batch2_avx2(a, b, c) },
            3 => return unsafe { batch3_avx2(a, b, c) },
            4 => return unsafe { batch4_avx2(a, b, c) },
            _ => (),
        }
    }
    match k {
        2 => batch::<2>(a, b, c),
        3 => batch::<3>(a, b, c),
        4 => batch::<4>(a, b, c),
        _ => one_by_one(k, a, b, c),
    }
}

/// Products of any other size.
fn one_by_one(k: usize, a: &[f64], b: &[f64], c: &mut [f64]) {
    if k > 0 {
        let size = k * k;
        for ((a, b), c) in a.chunks_exact(size).zip(b.chunks_exact(size)).zip(c.chunks_exact_mut(size)) {
            tiled(&mut Product { a, b, c, k, n: k });
        }
    }
}

/// The same, shared out among the threads.
fn all_shared(k: usize, a: &[f64], b: &[f64], c: &mut [f64]) {
    const PART: usize = 1024;
    let size = (k * k).max(1) * PART;
    share_chunks(c, size, |part, c| {
        let some = part * size..part * size + c.len();
        all(k, &a[some.clone()], &b[some], c);
    });
}

type Batch = fn(usize, &[f64], &[f64], &mut [f64]);

fn bound<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>, out: Out<'_, 'py>, batch: Batch) -> Answer<'py> {
    let left: Given = Given::with_ndim("a", a, 3)?;
    let right: Given = Given::with_ndim("b", b, 3)?;
    if right.shape() != left.shape() {
        checks(a.py(), "same_shape")?.call1(("b", b, "a", a))?; // raises
    }
    let &[count, rows, columns] = left.shape() else { unreachable!("it has three dimensions") };
    if rows != columns {
        checks(a.py(), "square")?.call1(("a", a))?; // raises
    }
    let mut target: Target = Target::new(a.py(), out, &[count, rows, rows], &[&left, &right], InPlace::No)?;
    batch(rows, left.values(), right.values(), target.values_mut());
    target.finish()
}

/// `arrays_matmul_small_batch(a, b, out=None)`.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn arrays_matmul_small_batch<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    bound(a, b, out, all)
}

/// `arrays_matmul_small_batch_rayon(a, b, out=None)`.
#[pyfunction]
#[pyo3(signature = (a, b, out=None))]
pub fn arrays_matmul_small_batch_rayon<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    bound(a, b, out, all_shared)
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_matmul_small_batch, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_matmul_small_batch_rayon, module)?)?;
    Ok(())
}
