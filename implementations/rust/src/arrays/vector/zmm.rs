//! Eight float64 values in an AVX-512 register.
//!
//! Values of this type are made only by kernels that `dispatch` has started after it has seen that the
//! processor has AVX-512F, DQ and VL: that is the safety argument of every block here. All functions are
//! inlined into the one that has these instructions enabled.

use super::lane::Lane;
use core::arch::x86_64::*;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// Eight float64 values.
#[derive(Clone, Copy)]
pub struct Zmm(pub(super) __m512d);

/// One of the safe-looking operations that are one instruction.
macro_rules! instruction {
    ($intrinsic:ident($($operand:expr),*)) => {
        // SAFETY: the processor has the instruction (see the top of this file).
        Zmm(unsafe { $intrinsic($($operand),*) })
    };
}

macro_rules! operator {
    ($trait:ident, $method:ident, $intrinsic:ident) => {
        impl $trait for Zmm {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                instruction!($intrinsic(self.0, other.0))
            }
        }
    };
}

operator!(Add, add, _mm512_add_pd);
operator!(Sub, sub, _mm512_sub_pd);
operator!(Mul, mul, _mm512_mul_pd);
operator!(Div, div, _mm512_div_pd);

impl Neg for Zmm {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        instruction!(_mm512_xor_pd(self.0, Self::splat(-0.0).0))
    }
}

/// The mask of the first `count` of eight.
#[inline(always)]
fn first(count: usize) -> __mmask8 {
    debug_assert!(count <= 8);
    ((1_u32 << count) - 1) as __mmask8
}

/// The sums of the first of four, the first two, and so on.
#[inline(always)]
fn scan_half(x: __m256d) -> __m256d {
    // SAFETY: see the top of this file. Minus zero, unlike zero, changes nothing that it is added to.
    unsafe {
        let none = _mm256_set1_pd(-0.0);
        let x = _mm256_add_pd(x, _mm256_mask_movedup_pd(none, 0b1010, x));
        _mm256_add_pd(x, _mm256_mask_permutex_pd::<0b01_01_01_01>(none, 0b1100, x))
    }
}

impl Lane for Zmm {
    const WIDTH: usize = 8;
    type Mask = __mmask8;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        instruction!(_mm512_set1_pd(value))
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        instruction!(_mm512_loadu_pd(from))
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize, fill: f64) -> Self {
        instruction!(_mm512_mask_loadu_pd(Self::splat(fill).0, first(count), from))
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: as above; the place is the caller's.
        unsafe { _mm512_storeu_pd(to, self.0) }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        // SAFETY: as above; the place is the caller's.
        unsafe { _mm512_mask_storeu_pd(to, first(count), self.0) }
    }
    #[inline(always)]
    fn fma(self, factor: Self, term: Self) -> Self {
        instruction!(_mm512_fmadd_pd(self.0, factor.0, term.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        instruction!(_mm512_sqrt_pd(self.0))
    }
    #[inline(always)]
    fn root(self) -> Self {
        // SAFETY: as above.
        unsafe {
            let (least, most) = (Self::splat(1e-290).0, Self::splat(1e290).0);
            let usual = _mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, least)
                & _mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.0, most);
            if usual != 0xFF {
                return self.sqrt();
            }
            // Goldschmidt's steps: from 14 bits of 1 / root to 28, then to 53, of root and of half of 1 / root.
            let half = Self::splat(0.5);
            let reciprocal = Zmm(_mm512_rsqrt14_pd(self.0));
            let (mut root, mut halved) = (self * reciprocal, reciprocal * half);
            for _ in 0..2 {
                let error = (-root).fma(halved, half);
                (root, halved) = (root.fma(error, root), halved.fma(error, halved));
            }
            // Markstein's: what is left of the number, exactly, is less than the last place by far.
            (-root).fma(root, self).fma(halved, root)
        }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        instruction!(_mm512_abs_pd(self.0))
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        instruction!(_mm512_min_pd(self.0, other.0))
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        instruction!(_mm512_max_pd(self.0, other.0))
    }
    #[inline(always)]
    fn with_sign(self, of: Self) -> Self {
        let sign = Self::splat(-0.0).0;
        // SAFETY: as above.
        Zmm(unsafe { _mm512_or_pd(_mm512_andnot_pd(sign, self.0), _mm512_and_pd(sign, of.0)) })
    }
    #[inline(always)]
    fn flip_where_odd(self, of: Self) -> Self {
        // SAFETY: as above.
        Zmm(unsafe {
            let flips = _mm512_slli_epi64::<63>(_mm512_castpd_si512(of.0));
            _mm512_xor_pd(self.0, _mm512_castsi512_pd(flips))
        })
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        instruction!(_mm512_scalef_pd(self.0, exponent.0))
    }
    #[inline(always)]
    fn exponential(self) -> Self {
        super::exp_table::exp(self)
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        // SAFETY: as above.
        unsafe {
            // 3: positive, and NaN where the number is below zero. Zero and infinity have the mantissa 1.
            let mantissa = _mm512_getmant_pd::<_MM_MANT_NORM_P75_1P5, 3>(self.0);
            // getexp is that of [1, 2): below 1, the mantissa has taken a factor of two.
            let exponent = _mm512_getexp_pd(self.0);
            let low = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(mantissa, Self::splat(1.0).0);
            let exponent = _mm512_mask_add_pd(exponent, low, exponent, Self::splat(1.0).0);
            (Zmm(mantissa), Zmm(exponent))
        }
    }
    #[inline(always)]
    fn is_nan(self) -> __mmask8 {
        // SAFETY: as above.
        unsafe { _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(self.0, self.0) }
    }
    #[inline(always)]
    fn within(self, limit: f64) -> bool {
        // SAFETY: as above.
        unsafe { _mm512_cmp_pd_mask::<_CMP_LE_OQ>(self.abs().0, Self::splat(limit).0) == 0xFF }
    }
    #[inline(always)]
    fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        instruction!(_mm512_mask_blend_pd(mask, no.0, yes.0))
    }
    #[inline(always)]
    fn scan(self) -> Self {
        // SAFETY: as above.
        unsafe {
            // Minus zero, unlike zero, changes nothing that it is added to.
            let none = _mm512_set1_pd(-0.0);
            let by_one = _mm512_setr_epi64(0, 0, 1, 2, 3, 4, 5, 6);
            let by_two = _mm512_setr_epi64(0, 0, 0, 1, 2, 3, 4, 5);
            let by_four = _mm512_setr_epi64(0, 0, 0, 0, 0, 1, 2, 3);
            let x = self.0;
            let x = _mm512_add_pd(x, _mm512_mask_permutexvar_pd(none, 0b1111_1110, by_one, x));
            let x = _mm512_add_pd(x, _mm512_mask_permutexvar_pd(none, 0b1111_1100, by_two, x));
            Zmm(_mm512_add_pd(x, _mm512_mask_permutexvar_pd(none, 0b1111_0000, by_four, x)))
        }
    }
    #[inline(always)]
    fn last(self) -> Self {
        // SAFETY: as above.
        Zmm(unsafe { _mm512_permutexvar_pd(_mm512_set1_epi64(7), self.0) })
    }
    #[inline(always)]
    unsafe fn store_scan(self, before: Self, to: *mut f64) -> Self {
        // In halves, which takes two steps of two, not three, and stores that seldom cross a cache line.
        // SAFETY: as above; the place is the caller's.
        unsafe {
            let low = scan_half(_mm512_castpd512_pd256(self.0));
            let high = scan_half(_mm512_extractf64x4_pd::<1>(self.0));
            let half = _mm256_permutex_pd::<0b11_11_11_11>(low);
            let high = _mm256_add_pd(high, half);
            let before = _mm512_castpd512_pd256(before.0);
            _mm256_storeu_pd(to, _mm256_add_pd(before, low));
            _mm256_storeu_pd(to.add(4), _mm256_add_pd(before, high));
            let last = _mm256_add_pd(before, _mm256_permutex_pd::<0b11_11_11_11>(high));
            Zmm(_mm512_castpd256_pd512(last))
        }
    }
    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Self {
        let mut values = [0.0; 8];
        // SAFETY: as above; there is room for eight.
        unsafe { _mm512_storeu_pd(values.as_mut_ptr(), self.0) };
        let values = values.map(function);
        instruction!(_mm512_loadu_pd(values.as_ptr()))
    }
    #[inline(always)]
    fn reduce(self, join: impl Fn(f64, f64) -> f64) -> f64 {
        let mut values = [0.0; 8];
        // SAFETY: as above; there is room for eight.
        unsafe { _mm512_storeu_pd(values.as_mut_ptr(), self.0) };
        let [a, b, c, d, e, f, g, h] = values;
        join(join(join(a, b), join(c, d)), join(join(e, f), join(g, h)))
    }
}
