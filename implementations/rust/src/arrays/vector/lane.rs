//! What the vector functions ask of a group of float64 values, and the group of one.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Adding it to a small number rounds that to a whole one, and leaves it in the low bits: 1.5 * 2^52.
pub const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// A group of float64 values that are computed with together.
///
/// `load` and `store` may be given any alignment of a float64. Comparisons follow IEEE 754; `min` and `max`
/// return their second operand where either is NaN, as x86 does.
pub trait Lane:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// Number of values.
    const WIDTH: usize;
    /// The answer of a comparison.
    type Mask: Copy;

    /// The same value everywhere.
    fn splat(value: f64) -> Self;
    /// # Safety
    /// `WIDTH` values at `from` can be read.
    unsafe fn load(from: *const f64) -> Self;
    /// The first `count` values at `from`, and `fill` in place of the others.
    ///
    /// # Safety
    /// `count` values at `from` can be read.
    unsafe fn load_first(from: *const f64, count: usize, fill: f64) -> Self;
    /// # Safety
    /// `WIDTH` values at `to` can be written.
    unsafe fn store(self, to: *mut f64);
    /// # Safety
    /// `count` values at `to` can be written.
    unsafe fn store_first(self, to: *mut f64, count: usize);

    /// self * factor + term, rounded once where the processor can.
    fn fma(self, factor: Self, term: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;
    /// The square root, by other units than that for roots where there are some: the nearest number but for roots
    /// within 2^-50 of the last place of the middle between two, of which no test has found one.
    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }
    /// Without the sign.
    fn abs(self) -> Self;
    /// The smaller; the other where either is NaN.
    fn min(self, other: Self) -> Self;
    /// The larger; the other where either is NaN.
    fn max(self, other: Self) -> Self;
    /// With the sign of another.
    fn with_sign(self, of: Self) -> Self;
    /// With the other sign where the lowest bit of `of` is set.
    fn flip_where_odd(self, of: Self) -> Self;
    /// self * 2^exponent for whole exponents within +-1100; overflows and underflows as IEEE 754 has it.
    fn scale(self, exponent: Self) -> Self;
    /// The mantissa in [0.75, 1.5) and the exponent of a positive number, denormal or not; infinite exponents
    /// for zero and infinity, a mantissa that is NaN for what is NaN or below zero.
    fn split(self) -> (Self, Self);
    /// e to the power of it, to 1 ulp.
    #[inline(always)]
    fn exponential(self) -> Self {
        super::exp::by_polynomial(self)
    }
    /// Where it is NaN.
    fn is_nan(self) -> Self::Mask;
    /// Whether all are within +-`limit`; NaN is not.
    fn within(self, limit: f64) -> bool;
    /// The first where the mask is set, else the second.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;
    /// The sums of the first value, the first two, and so on.
    fn scan(self) -> Self;
    /// The last value everywhere.
    fn last(self) -> Self;
    /// Store what comes `before` (everywhere) plus the sums of `scan`; returns what comes before the next, to be
    /// used for nothing else.
    ///
    /// # Safety
    /// As `store`.
    #[inline(always)]
    unsafe fn store_scan(self, before: Self, to: *mut f64) -> Self {
        let sums = self.scan();
        // SAFETY: the caller's.
        unsafe { (before + sums).store(to) };
        before + sums.last() // so that only this addition waits for what is before
    }
    /// A function of one number, a number at a time.
    fn each(self, function: impl Fn(f64) -> f64) -> Self;
    /// All values, joined from left to right in pairs.
    fn reduce(self, join: impl Fn(f64, f64) -> f64) -> f64;
}

impl Lane for f64 {
    const WIDTH: usize = 1;
    type Mask = bool;

    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's.
        unsafe { *from }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f64, count: usize, fill: f64) -> Self {
        // SAFETY: the caller's.
        if count > 0 { unsafe { *from } } else { fill }
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's.
        unsafe { *to = self }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        if count > 0 {
            // SAFETY: the caller's.
            unsafe { *to = self }
        }
    }
    #[inline(always)]
    fn fma(self, factor: Self, term: Self) -> Self {
        // Without the instruction, mul_add would be a call of the C library.
        if cfg!(any(target_feature = "fma", target_arch = "aarch64")) {
            self.mul_add(factor, term)
        } else {
            self * factor + term
        }
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn with_sign(self, of: Self) -> Self {
        self.copysign(of)
    }
    #[inline(always)]
    fn flip_where_odd(self, of: Self) -> Self {
        f64::from_bits(self.to_bits() ^ (of.to_bits() << 63))
    }
    #[inline(always)]
    fn scale(self, exponent: Self) -> Self {
        // In two steps, of which only the second can round: 2^exponent alone may be no number.
        let half = exponent * 0.5 + ROUNDER - ROUNDER;
        self * power(half) * power(exponent - half)
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        const THREE_QUARTERS: u64 = 0x3FE8_0000_0000_0000;
        const DENORMAL: f64 = 18_014_398_509_481_984.0; // 2^54
        let denormal = self < f64::MIN_POSITIVE;
        let bits = if denormal { self * DENORMAL } else { self }.to_bits();
        // The exponent as a whole number between 0 and 2047, turned into float64 by its bits.
        let raised = bits.wrapping_sub(THREE_QUARTERS).wrapping_add(1023 << 52) >> 52;
        let exponent = f64::from_bits(raised | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1023.0);
        let mantissa = f64::from_bits(bits.wrapping_sub(raised.wrapping_sub(1023) << 52));
        let exponent = if denormal { exponent - 54.0 } else { exponent };
        let exponent = if self == 0.0 { f64::NEG_INFINITY } else { exponent };
        let exponent = if self == f64::INFINITY { self } else { exponent };
        let odd = (self == 0.0) | (self == f64::INFINITY);
        let mantissa = if odd { 1.0 } else { mantissa };
        (if (self >= 0.0) | odd { mantissa } else { f64::NAN }, exponent)
    }
    #[inline(always)]
    fn is_nan(self) -> bool {
        f64::is_nan(self)
    }
    #[inline(always)]
    fn within(self, limit: f64) -> bool {
        f64::abs(self) <= limit
    }
    #[inline(always)]
    fn select(mask: bool, yes: Self, no: Self) -> Self {
        if mask { yes } else { no }
    }
    #[inline(always)]
    fn scan(self) -> Self {
        self
    }
    #[inline(always)]
    fn last(self) -> Self {
        self
    }
    #[inline(always)]
    fn each(self, function: impl Fn(f64) -> f64) -> Self {
        function(self)
    }
    #[inline(always)]
    fn reduce(self, _join: impl Fn(f64, f64) -> f64) -> f64 {
        self
    }
}

/// 2^exponent for a whole exponent in [-1022, 1023].
#[inline(always)]
fn power(exponent: f64) -> f64 {
    f64::from_bits((exponent + (ROUNDER + 1023.0)).to_bits() << 52)
}

/// A group of each of K arrays' elements at `i`.
///
/// Plain loops: closures and iterators are functions of their own, without the instructions that the caller
/// has enabled, and are then not always inlined; a call for every vector doubles the time of the sine.
///
/// # Safety
/// `WIDTH` elements at `i` can be read.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // see above
pub unsafe fn load_each<const K: usize, L: Lane>(from: [*const f64; K], i: usize) -> [L; K] {
    let mut x = [L::splat(0.0); K];
    for k in 0..K {
        // SAFETY: the caller's.
        x[k] = unsafe { L::load(from[k].add(i)) };
    }
    x
}

/// The first `count` of such groups, and `fill` in place of the others.
///
/// # Safety
/// `count` elements at `i` can be read.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // see above
pub unsafe fn load_first_of_each<const K: usize, L: Lane>(
    from: [*const f64; K],
    i: usize,
    count: usize,
    fill: [f64; K],
) -> [L; K] {
    let mut x = [L::splat(0.0); K];
    for k in 0..K {
        // SAFETY: the caller's.
        x[k] = unsafe { L::load_first(from[k].add(i), count, fill[k]) };
    }
    x
}
