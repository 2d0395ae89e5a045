//! exp and tanh, by one polynomial for (exp(r) - 1 - r) / r^2 on [-ln 2 / 2, ln 2 / 2].

use super::lane::{Lane, ROUNDER};

/// Coefficients from r^0 up; a Chebyshev fit whose relative error in exp is 2e-17.
const TAIL: [f64; 10] = [
    0.5,
    0.166_666_666_666_666_66,
    0.041_666_666_666_623_17,
    0.008_333_333_333_329_989,
    0.001_388_888_891_769_060_3,
    0.000_198_412_698_634_203_5,
    2.480_152_055_701_783e-5,
    2.755_726_789_174_553e-6,
    2.762_043_894_863_442e-7,
    2.510_065_503_606_659e-8,
];
/// The first 40 bits of ln 2: times a whole number below 2^13 it is exact.
pub const LN2_HIGH: f64 = 0.693_147_180_559_208_2;
/// The rest of ln 2.
pub const LN2_LOW: f64 = 7.371_002_565_167_799e-13;
/// Beyond these, exp is infinite and zero, whatever follows the point.
pub const OVERFLOW: f64 = 710.0;
/// See `OVERFLOW`.
pub const UNDERFLOW: f64 = -746.0;

/// x = n ln 2 + r: returns n and exp(r) - 1.
#[inline(always)]
fn reduced<L: Lane>(x: L) -> (L, L) {
    let rounder = L::splat(ROUNDER);
    let n = x.fma(L::splat(std::f64::consts::LOG2_E), rounder) - rounder;
    let r = (-n).fma(L::splat(LN2_LOW), (-n).fma(L::splat(LN2_HIGH), x));
    let mut q = L::splat(TAIL[9]);
    for k in (0..9).rev() {
        q = q.fma(r, L::splat(TAIL[k]));
    }
    (n, q.fma(r * r, r))
}

/// e to the power of x, to 1 ulp.
#[inline(always)]
pub fn exp<L: Lane>(x: L) -> L {
    x.exponential()
}

/// The same for a lane that cannot look values up.
#[inline(always)]
pub fn by_polynomial<L: Lane>(x: L) -> L {
    // min and max return their second operand where either is NaN.
    let x = L::splat(UNDERFLOW).max(L::splat(OVERFLOW).min(x));
    let (n, less_one) = reduced(x);
    (less_one + L::splat(1.0)).scale(n)
}

/// The hyperbolic tangent, (t / (t + 2)) with t = exp(2 |x|) - 1, to a few ulp.
#[inline(always)]
pub fn tanh<L: Lane>(x: L) -> L {
    let twice = L::splat(40.0).min(x.abs() + x.abs());
    let (n, less_one) = reduced(twice);
    let t = less_one.scale(n) + (L::splat(1.0).scale(n) - L::splat(1.0));
    (t / (t + L::splat(2.0))).with_sign(x)
}
