//! Explicit vectors over the structure of arrays: AVX-512 or AVX2 where the processor has it, else portable.
//!
//! `EXACT` uses the processor's square root and division and equals `Columns` bit for bit, on every processor;
//! otherwise both are approximated to twelve or fourteen bits and refined by one step of Newton's method,
//! with fused multiply-add.

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
                    unsafe { x86::total_512::<true, 16>(&self.0, query) }
                } else {
                    // SAFETY: as above.
                    unsafe { x86::total_512::<false, 64>(&self.0, query) }
                };
                return total / self.len() as f32;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                // SAFETY: the processor has AVX2 and FMA.
                return unsafe { x86::total_256::<EXACT>(&self.0, query) } / self.len() as f32;
            }
        }
        self.0.mean(query)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::super::arrays::Observation;
    use super::super::columns::{Columns, LANES, add_rest, folded};
    use std::arch::x86_64::*;

    /// Squared distances are kept off zero, where the approximate root would be infinite times zero.
    const SMALLEST: f32 = 1e-30;

    /// The sum of the similarities, `WIDE` at a time: 16, or a multiple of it with a sum for each sixteen.
    #[target_feature(enable = "avx512f")]
    pub fn total_512<const EXACT: bool, const WIDE: usize>(columns: &Columns, query: &Observation) -> f32 {
        let [x, y, z, f] = *query;
        let query = [_mm512_set1_ps(x), _mm512_set1_ps(y), _mm512_set1_ps(z), _mm512_set1_ps(f)];
        let (chunks, rest) = columns.chunks::<WIDE>();
        let mut sums = [_mm512_setzero_ps(); 4];
        for [x, y, z, f] in chunks {
            for (part, sum) in sums[..WIDE / LANES].iter_mut().enumerate() {
                let at = part * LANES;
                let point = [load_512(&x[at..]), load_512(&y[at..]), load_512(&z[at..]), load_512(&f[at..])];
                *sum = _mm512_add_ps(*sum, similarity_512::<EXACT>(point, query));
            }
        }
        let [mut sum, second, third, fourth] = sums;
        if WIDE > LANES {
            sum = _mm512_add_ps(_mm512_add_ps(sum, second), _mm512_add_ps(third, fourth));
        }
        let [x, y, z, f] = rest;
        for at in (0..x.len()).step_by(LANES) {
            let mask = mask_of(x.len() - at);
            let load = |column: &[f32]| masked_load_512(&column[at..], mask);
            let point = [load(x), load(y), load(z), load(f)];
            sum = _mm512_mask_add_ps(sum, mask, sum, similarity_512::<EXACT>(point, query));
        }
        let mut lanes = [0.0; LANES];
        // SAFETY: there are sixteen lanes.
        unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), sum) };
        folded(lanes)
    }

    /// A bit for each of at most sixteen floats that are left.
    fn mask_of(left: usize) -> u16 {
        if left < LANES { (1 << left) - 1 } else { u16::MAX }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn load_512(column: &[f32]) -> __m512 {
        // SAFETY: sixteen floats are read of what is cut to sixteen.
        unsafe { _mm512_loadu_ps(column[..LANES].as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn masked_load_512(column: &[f32], mask: u16) -> __m512 {
        debug_assert!(mask.count_ones() as usize <= column.len());
        // SAFETY: the mask has no more bits than there are floats.
        unsafe { _mm512_maskz_loadu_ps(mask, column.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn similarity_512<const EXACT: bool>(point: [__m512; 4], query: [__m512; 4]) -> __m512 {
        let one = _mm512_set1_ps(1.0);
        let dx = _mm512_sub_ps(point[0], query[0]);
        let dy = _mm512_sub_ps(point[1], query[1]);
        let dz = _mm512_sub_ps(point[2], query[2]);
        let df = _mm512_abs_ps(_mm512_sub_ps(point[3], query[3]));
        if EXACT {
            let planar = _mm512_add_ps(_mm512_mul_ps(dx, dx), _mm512_mul_ps(dy, dy));
            let distance = _mm512_sqrt_ps(_mm512_add_ps(planar, _mm512_mul_ps(dz, dz)));
            return _mm512_div_ps(one, _mm512_add_ps(_mm512_add_ps(one, distance), df));
        }
        let planar = _mm512_fmadd_ps(dx, dx, _mm512_mul_ps(dy, dy));
        let squared = _mm512_max_ps(_mm512_fmadd_ps(dz, dz, planar), _mm512_set1_ps(SMALLEST));
        let root = _mm512_rsqrt14_ps(squared);
        let near = _mm512_mul_ps(squared, root);
        let half = _mm512_mul_ps(near, _mm512_set1_ps(0.5));
        let off = _mm512_fnmadd_ps(near, root, one);
        let distance = _mm512_fmadd_ps(half, off, near);
        let nearness = _mm512_add_ps(_mm512_add_ps(one, distance), df);
        let inverse = _mm512_rcp14_ps(nearness);
        _mm512_fmadd_ps(inverse, _mm512_fnmadd_ps(nearness, inverse, one), inverse)
    }

    /// The same, eight at a time: two vectors hold the sixteen lanes.
    #[target_feature(enable = "avx2,fma")]
    pub fn total_256<const EXACT: bool>(columns: &Columns, query: &Observation) -> f32 {
        let [x, y, z, f] = *query;
        let spread = [_mm256_set1_ps(x), _mm256_set1_ps(y), _mm256_set1_ps(z), _mm256_set1_ps(f)];
        let (chunks, rest) = columns.chunks::<LANES>();
        let mut sums = [_mm256_setzero_ps(); 2];
        for [x, y, z, f] in chunks {
            for (half, sum) in sums.iter_mut().enumerate() {
                let point = [load_256(x, half), load_256(y, half), load_256(z, half), load_256(f, half)];
                *sum = _mm256_add_ps(*sum, similarity_256::<EXACT>(point, spread));
            }
        }
        let mut lanes = [0.0; LANES];
        for (half, sum) in sums.into_iter().enumerate() {
            // SAFETY: there are twice eight lanes.
            unsafe { _mm256_storeu_ps(lanes.as_mut_ptr().add(8 * half), sum) };
        }
        add_rest(&mut lanes, rest, query);
        folded(lanes)
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn load_256(column: &[f32; LANES], half: usize) -> __m256 {
        // SAFETY: eight floats of the first or second half are read, and there are sixteen.
        unsafe { _mm256_loadu_ps(column[8 * half..8 * half + 8].as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn similarity_256<const EXACT: bool>(point: [__m256; 4], query: [__m256; 4]) -> __m256 {
        let one = _mm256_set1_ps(1.0);
        let dx = _mm256_sub_ps(point[0], query[0]);
        let dy = _mm256_sub_ps(point[1], query[1]);
        let dz = _mm256_sub_ps(point[2], query[2]);
        let df = _mm256_andnot_ps(_mm256_set1_ps(-0.0), _mm256_sub_ps(point[3], query[3]));
        if EXACT {
            let planar = _mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy));
            let distance = _mm256_sqrt_ps(_mm256_add_ps(planar, _mm256_mul_ps(dz, dz)));
            return _mm256_div_ps(one, _mm256_add_ps(_mm256_add_ps(one, distance), df));
        }
        let planar = _mm256_fmadd_ps(dx, dx, _mm256_mul_ps(dy, dy));
        let squared = _mm256_max_ps(_mm256_fmadd_ps(dz, dz, planar), _mm256_set1_ps(SMALLEST));
        let root = _mm256_rsqrt_ps(squared);
        let near = _mm256_mul_ps(squared, root);
        let half = _mm256_mul_ps(near, _mm256_set1_ps(0.5));
        let off = _mm256_fnmadd_ps(near, root, one);
        let distance = _mm256_fmadd_ps(half, off, near);
        let nearness = _mm256_add_ps(_mm256_add_ps(one, distance), df);
        let inverse = _mm256_rcp_ps(nearness);
        _mm256_fmadd_ps(inverse, _mm256_fnmadd_ps(nearness, inverse, one), inverse)
    }
}
