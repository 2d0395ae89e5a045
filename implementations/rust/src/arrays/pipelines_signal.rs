//! Roughness of a signal: detrended, smoothed, differenced, and its variance by windows of 256.
//!
//! Two passes: one for the trend, and one by windows, of which everything stays in the first-level cache.

use super::dispatch::Kernel;
use super::vector::Lane;

/// Samples of a window.
pub const WINDOW: usize = 256;
/// Lanes whose sums are kept apart, so that additions need not wait for one another.
const APART: usize = 4;

/// What is asked: the variances of the windows of `values` (at least 3) into `answer`.
pub struct Signal<'a> {
    /// The signal.
    pub values: &'a [f64],
    /// Its trend: level in the middle, slope.
    pub trend: (f64, f64),
    /// The first window.
    pub first: usize,
    /// A variance for every window.
    pub answer: &'a mut [f64],
}

impl Kernel for Signal<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        for (window, variance) in (self.first..).zip(self.answer) {
            *variance = increments::<L>(self.values, self.trend, window * WINDOW);
        }
    }
}

/// The trend of a signal: its level in the middle, and its slope by least squares.
pub struct Trend<'a>(pub &'a [f64]);

impl Kernel for Trend<'_> {
    type Output = (f64, f64);

    #[inline(always)]
    fn run<L: Lane>(self) -> (f64, f64) {
        let values = self.0;
        let n = values.len() as f64;
        let middle = (n - 1.0) * 0.5;
        let width = APART * L::WIDTH;
        let step = L::splat(width as f64);
        let mut places: [L; APART] = std::array::from_fn(|k| ramp::<L>((k * L::WIDTH) as f64 - middle));
        let (mut sums, mut levers) = ([L::splat(0.0); APART], [L::splat(0.0); APART]);
        for chunk in values.chunks_exact(width) {
            for k in 0..APART {
                // SAFETY: a chunk is `APART` lanes.
                let value = unsafe { L::load(chunk.as_ptr().add(k * L::WIDTH)) };
                sums[k] = sums[k] + value;
                levers[k] = value.fma(places[k], levers[k]);
                places[k] = places[k] + step;
            }
        }
        let (mut sum, mut lever) = (joined(sums), joined(levers));
        let done = values.len() - values.len() % width;
        for (i, value) in values.iter().enumerate().skip(done) {
            sum += value;
            lever += value * (i as f64 - middle);
        }
        (sum / n, lever / (n * (n * n - 1.0) / 12.0))
    }
}

/// first, first + 1, ...
#[inline(always)]
fn ramp<L: Lane>(first: f64) -> L {
    const { assert!(L::WIDTH <= 8) };
    let values: [f64; 8] = std::array::from_fn(|i| first + i as f64);
    // SAFETY: no lane has more than eight values.
    unsafe { L::load(values.as_ptr()) }
}

#[inline(always)]
fn joined<L: Lane>(sums: [L; APART]) -> f64 {
    ((sums[0] + sums[1]) + (sums[2] + sums[3])).reduce(|a, b| a + b)
}

/// Variance of the increments of the smoothed, detrended values of one window.
#[inline(always)]
fn increments<L: Lane>(values: &[f64], (mean, slope): (f64, f64), start: usize) -> f64 {
    // Smoothing needs a neighbour on each side; beyond the ends there is nothing, which counts as zero.
    let mut flat = [0.0; WINDOW + 3];
    let from = usize::from(start == 0);
    let part = &values[start + from - 1..(start + WINDOW + 2).min(values.len())];
    let level = mean + slope * ((start + from) as f64 - 1.0 - (values.len() - 1) as f64 * 0.5);
    for (i, (flat, value)) in flat[from..].iter_mut().zip(part).enumerate() {
        *flat = value - (level + slope * f64::from(i as i32));
    }
    let mut steps = [0.0; WINDOW];
    let mut sums = [L::splat(0.0); APART];
    for i in (0..WINDOW).step_by(APART * L::WIDTH) {
        for (k, sum) in sums.iter_mut().enumerate() {
            let at = i + k * L::WIDTH;
            // SAFETY: three places after each of the window's are there.
            let (a, b, c, d) = unsafe {
                let from = flat.as_ptr().add(at);
                (L::load(from), L::load(from.add(1)), L::load(from.add(2)), L::load(from.add(3)))
            };
            let step = smooth(b, c, d) - smooth(a, b, c);
            *sum = *sum + step;
            // SAFETY: `at` is a place of the window, whose length is a multiple of all widths.
            unsafe { step.store(steps.as_mut_ptr().add(at)) };
        }
    }
    let mean = L::splat(joined(sums) / WINDOW as f64);
    let mut squares = [L::splat(0.0); APART];
    for i in (0..WINDOW).step_by(APART * L::WIDTH) {
        for (k, square) in squares.iter_mut().enumerate() {
            // SAFETY: as above.
            let off = unsafe { L::load(steps.as_ptr().add(i + k * L::WIDTH)) } - mean;
            *square = off.fma(off, *square);
        }
    }
    joined(squares) / WINDOW as f64
}

/// Weights of a quarter, a half and a quarter.
#[inline(always)]
fn smooth<L: Lane>(left: L, centre: L, right: L) -> L {
    L::splat(0.25) * left + L::splat(0.5) * centre + L::splat(0.25) * right
}
