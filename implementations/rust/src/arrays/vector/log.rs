//! The natural logarithm.

use super::lane::Lane;

/// (log((1 + s) / (1 - s)) - 2 s) / s^3 in z = s^2, from z^0 up, for |s| <= 0.2: a Chebyshev fit, 7e-19 of
/// the logarithm off.
const SERIES: [f64; 8] = [
    0.666_666_666_666_666_6,
    0.400_000_000_000_078_57,
    0.285_714_285_673_139_8,
    0.222_222_230_420_128_5,
    0.181_817_381_240_601_23,
    0.153_888_479_106_422_14,
    0.132_100_997_526_584,
    0.136_060_217_642_314_65,
];
const LN2_HIGH: f64 = 0.693_147_180_559_208_2;
const LN2_LOW: f64 = 7.371_002_565_167_799e-13;

/// The natural logarithm: x = 2^k (1 + f), and s = f / (2 + f). Below zero NaN, of zero minus
/// infinity: that comes from what `split` says of such numbers, and the sums here.
#[inline(always)]
pub fn log<L: Lane>(x: L) -> L {
    let (mantissa, k) = x.split();
    let f = mantissa - L::splat(1.0);
    let s = f / (f + L::splat(2.0));
    let z = s * s;
    let mut series = L::splat(SERIES[7]);
    for k in (0..7).rev() {
        series = series.fma(z, L::splat(SERIES[k]));
    }
    // log(1 + f) = f - (f^2/2 - s (f^2/2 + R)), where R = z series: the small parts are summed first.
    let half = f * f * L::splat(0.5);
    let small = s.fma(half + z * series, k * L::splat(LN2_LOW));
    k.fma(L::splat(LN2_HIGH), f - (half - small))
}
