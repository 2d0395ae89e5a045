//! exp with AVX-512, where an instruction looks eight values up at once: a polynomial of degree 7, not 11.
//!
//! x = (k + j / 8) ln 2 + r with |r| <= ln 2 / 16, after Tang (1989), ACM Transactions on Mathematical Software
//! 15, 144-157. The table costs one instruction of a unit that the multiply-adds leave idle.

use super::exp::{LN2_HIGH, LN2_LOW, OVERFLOW, UNDERFLOW};
use super::lane::{Lane, ROUNDER};
use super::zmm::Zmm;
use core::arch::x86_64::*;

/// Adding it rounds to a whole number of eighths, and leaves that in the low bits.
const EIGHTHS: f64 = ROUNDER / 8.0;
/// 2^(j / 8).
const POWERS: [f64; 8] = [
    1.0,
    1.090_507_732_665_257_7,
    1.189_207_115_002_721,
    1.296_839_554_651_009_6,
    std::f64::consts::SQRT_2,
    1.542_210_825_407_940_7,
    1.681_792_830_507_429,
    1.834_008_086_409_342_4,
];
/// (exp(r) - 1 - r) / r^2 from r^0 up: a Chebyshev fit whose error in exp is 1e-17.
const TAIL: [f64; 6] = [
    0.5,
    0.166_666_666_666_667_24,
    0.041_666_666_617_329_5,
    0.008_333_333_327_847_942,
    0.001_388_958_850_587_924_1,
    0.000_198_420_472_601_837_7,
];

/// e to the power of x, to 1 ulp.
#[inline(always)]
pub fn exp(x: Zmm) -> Zmm {
    // min and max return their second operand where either is NaN.
    let x = Zmm::splat(UNDERFLOW).max(Zmm::splat(OVERFLOW).min(x));
    let raised = x.fma(Zmm::splat(std::f64::consts::LOG2_E), Zmm::splat(EIGHTHS));
    let n = raised - Zmm::splat(EIGHTHS);
    let r = (-n).fma(Zmm::splat(LN2_LOW), (-n).fma(Zmm::splat(LN2_HIGH), x));
    let mut q = Zmm::splat(TAIL[5]);
    for k in (0..5).rev() {
        q = q.fma(r, Zmm::splat(TAIL[k]));
    }
    let less_one = q.fma(r * r, r);
    // SAFETY: see the top of `zmm.rs`; of an index, the three lowest bits count.
    let power = unsafe {
        let [a, b, c, d, e, f, g, h] = POWERS;
        let powers = _mm512_setr_pd(a, b, c, d, e, f, g, h);
        Zmm(_mm512_permutexvar_pd(_mm512_castpd_si512(raised.0), powers))
    };
    power.fma(less_one, power).scale(n) // which takes the whole part of n, rounded down
}
