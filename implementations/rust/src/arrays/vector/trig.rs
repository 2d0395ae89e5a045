//! Sine and cosine for moderate angles, by one polynomial on [-pi/2, pi/2].

use super::lane::{Lane, ROUNDER};

/// The largest angle that the reduction is right for; beyond it, and for NaN, ask the C library.
pub const SIN_LIMIT: f64 = 1e5;

/// (sin(r) - r) / r^3 in r^2, from r^0 up: a Chebyshev fit, 4e-19 off.
const SERIES: [f64; 8] = [
    -0.166_666_666_666_666_66,
    0.008_333_333_333_333_316,
    -0.000_198_412_698_412_548_6,
    2.755_731_921_913_258_4e-6,
    -2.505_210_761_309_543_3e-8,
    1.605_897_705_971_826_8e-10,
    -7.643_962_232_442_654e-13,
    2.731_344_277_439_919e-15,
];
/// Pi in three parts; the first two have 33 bits, so that times a number below 2^20 they are exact.
const PI: [f64; 3] = [3.141_592_653_468_251_2, 1.215_420_101_260_793_2e-10, 4.044_532_497_591_901e-21];

/// x - n pi, where n is whole or a half.
#[inline(always)]
fn less_multiple<L: Lane>(x: L, n: L) -> L {
    let x = (-n).fma(L::splat(PI[0]), x);
    (-n).fma(L::splat(PI[2]), (-n).fma(L::splat(PI[1]), x))
}

/// sin(r) for |r| <= pi/2.
#[inline(always)]
fn near_zero<L: Lane>(r: L) -> L {
    let z = r * r;
    let mut series = L::splat(SERIES[7]);
    for k in (0..7).rev() {
        series = series.fma(z, L::splat(SERIES[k]));
    }
    r * series.fma(z, L::splat(1.0)) // a product, so that zero keeps its sign
}

/// The sine for |x| <= `SIN_LIMIT`, to 4e-16 absolutely.
#[inline(always)]
pub fn sin<L: Lane>(x: L) -> L {
    let rounder = L::splat(ROUNDER);
    let raised = x.fma(L::splat(std::f64::consts::FRAC_1_PI), rounder);
    near_zero(less_multiple(x, raised - rounder)).flip_where_odd(raised)
}

/// The cosine for |x| <= `SIN_LIMIT`, to 4e-16 absolutely: minus the sine of what is beyond (n + 1/2) pi.
#[inline(always)]
pub fn cos<L: Lane>(x: L) -> L {
    let rounder = L::splat(ROUNDER);
    let raised = x.fma(L::splat(std::f64::consts::FRAC_1_PI), L::splat(-0.5)) + rounder;
    let n = raised - rounder + L::splat(0.5);
    -near_zero(less_multiple(x, n)).flip_where_odd(raised)
}
