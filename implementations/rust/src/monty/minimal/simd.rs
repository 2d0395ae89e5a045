//! Explicit vectors over the structure of arrays: AVX-512 or AVX2 where the processor has it, else portable.
//!
//! `EXACT` uses the processor's square root and division and equals `Columns` bit for bit, on every processor.
//! Otherwise the root is approximated to twelve or fourteen bits and refined by one step of Newton's method,
//! two reciprocals share a division (1/a + 1/b = (a + b) / ab), and multiplication and addition are fused.

use super::arrays::Observation;
use super::columns::Columns;
use super::episode::Store;

/// Columns that are compared by vectors.
pub struct Vectors<const EXACT: bool>(Columns);

impl<const EXACT: bool> Store for Vectors<EXACT> {
    fn with_capacity(points: usize) -> Self {
        Self(Columns::with_capacity(points))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f") {
                let total = if EXACT {
                    // SAFETY: the processor has AVX-512F.
                    unsafe { x86::exact_512(&self.0, query) }
                } else {
                    // SAFETY: as above.
                    unsafe { x86::approximate_512(&self.0, query) }
                };
                return total / self.len() as f32;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                let total = if EXACT {
                    // SAFETY: the processor has AVX2 and FMA.
                    unsafe { x86::exact_256(&self.0, query) }
                } else {
                    // SAFETY: as above.
                    unsafe { x86::approximate_256(&self.0, query) }
                };
                return total / self.len() as f32;
            }
        }
        self.0.mean(query)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::arrays::Observation;
    use super::super::columns::{Chunk, Columns, LANES, add_rest, folded};
    use std::arch::x86_64::*;

    /// Added to squared distances: at zero the approximate root would be infinite times zero.
    const SMALLEST: f32 = 1e-30;

    /// The sum of the similarities, sixteen at a time.
    #[target_feature(enable = "avx512f")]
    pub fn exact_512(columns: &Columns, query: &Observation) -> f32 {
        let query = spread_512(query);
        let (chunks, rest) = columns.chunks::<16>();
        let [last, _] = rest_512(rest, query); // first: it need not wait for the sum
        let mut sum = _mm512_setzero_ps();
        for chunk in chunks {
            sum = _mm512_add_ps(sum, similarity_512(load_512(chunk, 0), query));
        }
        folded_512(_mm512_add_ps(sum, last))
    }

    /// The same by approximation, a division for thirty-two.
    #[target_feature(enable = "avx512f")]
    pub fn approximate_512(columns: &Columns, query: &Observation) -> f32 {
        let query = spread_512(query);
        let (chunks, rest) = columns.chunks::<32>();
        let [first, second] = rest_512(rest, query);
        let mut sum = _mm512_add_ps(first, second);
        for chunk in chunks {
            let a = apartness_512(load_512(chunk, 0), query);
            let b = apartness_512(load_512(chunk, 16), query);
            sum = _mm512_add_ps(sum, _mm512_div_ps(_mm512_add_ps(a, b), _mm512_mul_ps(a, b)));
        }
        folded_512(sum)
    }

    /// The similarities of what is left after the last full chunk, each in its lane.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn rest_512(rest: [&[f32]; 4], query: [__m512; 4]) -> [__m512; 2] {
        let mut parts = [_mm512_setzero_ps(); 2];
        for (at, part) in (0..rest[0].len()).step_by(LANES).zip(&mut parts) {
            let left = (rest[0].len() - at).min(LANES);
            let mask = u16::MAX >> (LANES - left);
            // SAFETY: the mask has as many bits as there are floats from `at` on, at most sixteen.
            let load = |column: &[f32]| unsafe { _mm512_maskz_loadu_ps(mask, column[at..].as_ptr()) };
            let point = [load(rest[0]), load(rest[1]), load(rest[2]), load(rest[3])];
            *part = _mm512_maskz_mov_ps(mask, similarity_512(point, query));
        }
        parts
    }

    /// `folded` in registers: the compiler is not asked to find vectors in it (see decision 2).
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn folded_512(lanes: __m512) -> f32 {
        let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(lanes)));
        folded_256(_mm256_add_ps(_mm512_castps512_ps256(lanes), high))
    }

    #[inline]
    #[target_feature(enable = "avx")]
    fn folded_256(lanes: __m256) -> f32 {
        let four = _mm_add_ps(_mm256_castps256_ps128(lanes), _mm256_extractf128_ps::<1>(lanes));
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)))
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn spread_512(query: &Observation) -> [__m512; 4] {
        let [x, y, z, f] = *query;
        [_mm512_set1_ps(x), _mm512_set1_ps(y), _mm512_set1_ps(z), _mm512_set1_ps(f)]
    }

    /// 16 observations of those that begin at `at`.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn load_512<const N: usize>(chunk: Chunk<'_, N>, at: usize) -> [__m512; 4] {
        // SAFETY: 16 floats are read of what is cut to 16.
        let load = |column: &[f32; N]| unsafe { _mm512_loadu_ps(column[at..at + 16].as_ptr()) };
        [load(chunk[0]), load(chunk[1]), load(chunk[2]), load(chunk[3])]
    }

    /// The differences of the coordinates, and of the features without their sign.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn differences_512(point: [__m512; 4], query: [__m512; 4]) -> [__m512; 4] {
        let df = _mm512_abs_ps(_mm512_sub_ps(point[3], query[3]));
        let dx = _mm512_sub_ps(point[0], query[0]);
        let dy = _mm512_sub_ps(point[1], query[1]);
        let dz = _mm512_sub_ps(point[2], query[2]);
        [dx, dy, dz, df]
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn similarity_512(point: [__m512; 4], query: [__m512; 4]) -> __m512 {
        let one = _mm512_set1_ps(1.0);
        let [dx, dy, dz, df] = differences_512(point, query);
        let planar = _mm512_add_ps(_mm512_mul_ps(dx, dx), _mm512_mul_ps(dy, dy));
        let distance = _mm512_sqrt_ps(_mm512_add_ps(planar, _mm512_mul_ps(dz, dz)));
        _mm512_div_ps(one, _mm512_add_ps(_mm512_add_ps(one, distance), df))
    }

    /// 1 + distance + difference of features, the root approximated.
    #[inline]
    #[target_feature(enable = "avx512f")]
    fn apartness_512(point: [__m512; 4], query: [__m512; 4]) -> __m512 {
        let one = _mm512_set1_ps(1.0);
        let [dx, dy, dz, df] = differences_512(point, query);
        let planar = _mm512_fmadd_ps(dx, dx, _mm512_fmadd_ps(dy, dy, _mm512_set1_ps(SMALLEST)));
        let squared = _mm512_fmadd_ps(dz, dz, planar);
        let root = _mm512_rsqrt14_ps(squared);
        let near = _mm512_mul_ps(squared, root);
        let off = _mm512_fnmadd_ps(near, root, one);
        let half = _mm512_mul_ps(near, _mm512_set1_ps(0.5));
        _mm512_fmadd_ps(half, off, _mm512_add_ps(_mm512_add_ps(one, df), near))
    }

    /// The sum of the similarities, eight at a time: two vectors hold the sixteen lanes.
    #[target_feature(enable = "avx2,fma")]
    pub fn exact_256(columns: &Columns, query: &Observation) -> f32 {
        let spread = spread_256(query);
        let (chunks, rest) = columns.chunks::<16>();
        let (mut low, mut high) = (_mm256_setzero_ps(), _mm256_setzero_ps());
        for chunk in chunks {
            low = _mm256_add_ps(low, similarity_256(load_256(chunk, 0), spread));
            high = _mm256_add_ps(high, similarity_256(load_256(chunk, 8), spread));
        }
        added_256([low, high], rest, query)
    }

    /// The same by approximation, a division for sixteen.
    #[target_feature(enable = "avx2,fma")]
    pub fn approximate_256(columns: &Columns, query: &Observation) -> f32 {
        let spread = spread_256(query);
        let (chunks, rest) = columns.chunks::<16>();
        let mut sum = _mm256_setzero_ps();
        for chunk in chunks {
            let a = apartness_256(load_256(chunk, 0), spread);
            let b = apartness_256(load_256(chunk, 8), spread);
            sum = _mm256_add_ps(sum, _mm256_div_ps(_mm256_add_ps(a, b), _mm256_mul_ps(a, b)));
        }
        added_256([sum, _mm256_setzero_ps()], rest, query)
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn added_256(sums: [__m256; 2], rest: [&[f32]; 4], query: &Observation) -> f32 {
        let mut lanes = [0.0; LANES];
        let (low, high) = lanes.split_at_mut(8);
        // SAFETY: both halves hold eight floats.
        unsafe { _mm256_storeu_ps(low.as_mut_ptr(), sums[0]) };
        // SAFETY: as above.
        unsafe { _mm256_storeu_ps(high.as_mut_ptr(), sums[1]) };
        add_rest(&mut lanes, rest, query);
        folded(lanes)
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn spread_256(query: &Observation) -> [__m256; 4] {
        let [x, y, z, f] = *query;
        [_mm256_set1_ps(x), _mm256_set1_ps(y), _mm256_set1_ps(z), _mm256_set1_ps(f)]
    }

    /// 8 observations of those that begin at `at`.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn load_256<const N: usize>(chunk: Chunk<'_, N>, at: usize) -> [__m256; 4] {
        // SAFETY: 8 floats are read of what is cut to 8.
        let load = |column: &[f32; N]| unsafe { _mm256_loadu_ps(column[at..at + 8].as_ptr()) };
        [load(chunk[0]), load(chunk[1]), load(chunk[2]), load(chunk[3])]
    }

    /// The differences of the coordinates, and of the features without their sign.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn differences_256(point: [__m256; 4], query: [__m256; 4]) -> [__m256; 4] {
        let df = _mm256_andnot_ps(_mm256_set1_ps(-0.0), _mm256_sub_ps(point[3], query[3]));
        let dx = _mm256_sub_ps(point[0], query[0]);
        let dy = _mm256_sub_ps(point[1], query[1]);
        let dz = _mm256_sub_ps(point[2], query[2]);
        [dx, dy, dz, df]
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn similarity_256(point: [__m256; 4], query: [__m256; 4]) -> __m256 {
        let one = _mm256_set1_ps(1.0);
        let [dx, dy, dz, df] = differences_256(point, query);
        let planar = _mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy));
        let distance = _mm256_sqrt_ps(_mm256_add_ps(planar, _mm256_mul_ps(dz, dz)));
        _mm256_div_ps(one, _mm256_add_ps(_mm256_add_ps(one, distance), df))
    }

    /// 1 + distance + difference of features, the root approximated.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn apartness_256(point: [__m256; 4], query: [__m256; 4]) -> __m256 {
        let one = _mm256_set1_ps(1.0);
        let [dx, dy, dz, df] = differences_256(point, query);
        let planar = _mm256_fmadd_ps(dx, dx, _mm256_fmadd_ps(dy, dy, _mm256_set1_ps(SMALLEST)));
        let squared = _mm256_fmadd_ps(dz, dz, planar);
        let root = _mm256_rsqrt_ps(squared);
        let near = _mm256_mul_ps(squared, root);
        let off = _mm256_fnmadd_ps(near, root, one);
        let half = _mm256_mul_ps(near, _mm256_set1_ps(0.5));
        _mm256_fmadd_ps(half, off, _mm256_add_ps(_mm256_add_ps(one, df), near))
    }
}
