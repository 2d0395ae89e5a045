//! x^exponent for many x and one exponent, cheaper than `powf`: one short polynomial around anchors.
//!
//! The numbers from 2^-8 to 1 are cut into 32 segments an octave. With c the middle of the segment of x and
//! r = x/c - 1, x^b = c^b (1 + r)^b; c^b is computed when the segment is first met, and since b is the same for
//! all x, the binomial series of (1 + r)^b has fixed coefficients. |r| < 2^-6, so that eight terms are enough up
//! to b = 8 (relative error below 1e-14); what lies outside goes to `powf`. `hbv_light/_power.py` is the same.

/// Terms of the series.
const TERMS: usize = 8;
/// The largest exponent for which they are enough.
const LARGEST_EXPONENT: f64 = 8.0;
/// The bits of a double below those that tell its segment: 52 of the mantissa without its first five.
const SHIFT: u32 = 47;
/// Segments an octave times octaves, and the one that begins with 1.
const SEGMENTS: usize = 32 * 8 + 1;
/// The segment, counted over all positive numbers, that begins with 1.
const SEGMENT_OF_ONE: u64 = 1023 << 5;

/// A power function: the exponent, its series, and for each segment 1/c and c^b (0 and 0 if not yet met).
pub struct Power {
    exponent: f64,
    series: [f64; TERMS],
    anchors: [[f64; 2]; SEGMENTS],
}

impl Power {
    /// The function x -> x^exponent.
    pub fn new(exponent: f64) -> Self {
        let mut series = [1.0; TERMS];
        for k in 1..TERMS {
            series[k] = series[k - 1] * (exponent - (k - 1) as f64) / k as f64;
        }
        Self { exponent, series, anchors: [[0.0; 2]; SEGMENTS] }
    }

    /// x^exponent, for x in [0, 1].
    #[inline(always)]
    pub fn of(&mut self, x: f64) -> f64 {
        let segment = SEGMENT_OF_ONE.wrapping_sub(x.to_bits() >> SHIFT) as usize;
        match self.anchors.get(segment) {
            Some(&[inverse, power]) if inverse > 0.0 => power * self.series_at(fma(x, inverse, -1.0)),
            _ => self.first_met(x, segment),
        }
    }

    /// (1 + r)^exponent, in Estrin's order, whose chain is short.
    #[inline(always)]
    fn series_at(&self, r: f64) -> f64 {
        let [a, b, c, d, e, f, g, h] = self.series;
        let r2 = r * r;
        let low = fma(fma(d, r, c), r2, fma(b, r, a));
        let high = fma(fma(h, r, g), r2, fma(f, r, e));
        fma(high, r2 * r2, low)
    }

    #[cold]
    #[inline(never)]
    fn first_met(&mut self, x: f64, segment: usize) -> f64 {
        if segment >= SEGMENTS || self.exponent > LARGEST_EXPONENT {
            return x.powf(self.exponent);
        }
        let middle = f64::from_bits((x.to_bits() >> SHIFT << SHIFT) | 1 << (SHIFT - 1));
        self.anchors[segment] = [1.0 / middle, middle.powf(self.exponent)];
        self.of(x)
    }
}

/// a b + c, rounded once where the processor can.
#[inline(always)]
fn fma(a: f64, b: f64, c: f64) -> f64 {
    if cfg!(any(target_feature = "fma", target_arch = "aarch64")) { a.mul_add(b, c) } else { a * b + c }
}
