//! Mean and variance in one reading: two passes over blocks that stay in the first cache, then Chan's merge.
//!
//! Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247. Welford's update, which divides
//! once an element and in series, is many times slower (`rust_welford`).

use super::dispatch::{Kernel, dispatch};
use super::fold::{CoDeviations, Deviations, Dot, SUMS, Sum, block, joined};
use super::vector::Lane;

/// Elements whose mean and squared deviations are taken together: 7.5 KiB, no power of two, so that a block and
/// the next have places of their own in the first cache.
const BLOCK: usize = 960;
/// The same of pairs: 16 KiB.
const PAIRS: usize = 1024;

/// Number, mean, and sum of squared deviations of elements.
#[derive(Clone, Copy, Default)]
pub struct Moments {
    /// Number of elements.
    pub count: f64,
    /// Their mean.
    pub mean: f64,
    /// The sum of squared deviations from it.
    pub squares: f64,
}

impl Moments {
    /// Of two parts together.
    pub fn and(self, other: Self) -> Self {
        if self.count == 0.0 {
            return other;
        }
        let count = self.count + other.count;
        let apart = other.mean - self.mean;
        let share = other.count / count;
        Self {
            count,
            mean: self.mean + apart * share,
            squares: self.squares + other.squares + apart * apart * self.count * share,
        }
    }

    /// The population variance; NaN of nothing.
    pub fn variance(self) -> f64 {
        self.squares / self.count
    }
}

struct Measuring<'a>(&'a [f64]);

impl Kernel for Measuring<'_> {
    type Output = Moments;

    #[inline(always)]
    fn run<L: Lane>(self) -> Moments {
        run::<L>(self.0)
    }
}

/// The moments of all elements.
pub fn moments(x: &[f64]) -> Moments {
    dispatch(Measuring(x))
}

/// As `moments`, on a lane's width.
#[inline(always)]
pub fn run<L: Lane>(x: &[f64]) -> Moments {
    let part = |k: usize| &x[x.len().min(k * BLOCK)..x.len().min((k + 1) * BLOCK)];
    let sum_of = |part| block::<1, L, _>(&Sum, [part]);
    let mut all = Moments::default();
    let mut sum = sum_of(part(0));
    for k in 0..x.len().div_ceil(BLOCK) {
        let (now, next) = (part(k), part(k + 1));
        let count = now.len() as f64;
        let mean = sum / count;
        let squares;
        (squares, sum) = if L::WIDTH > 1 && next.len() == BLOCK {
            squares_and_sum::<L>(now, mean, next)
        } else {
            (block::<1, L, _>(&Deviations(mean), [now]), sum_of(next))
        };
        all = all.and(Moments { count, mean, squares });
    }
    all
}

/// The squared deviations of one block, which is in the first cache, while another is read for its sum: both in
/// the order of `fold::block`.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // see `load_each`
fn squares_and_sum<L: Lane>(now: &[f64], mean: f64, next: &[f64]) -> (f64, f64) {
    const { assert!(BLOCK.is_multiple_of(SUMS * L::WIDTH)) };
    assert!(now.len() == BLOCK && next.len() == BLOCK);
    let mean = L::splat(mean);
    let (mut squares, mut sums) = ([L::splat(0.0); SUMS], [L::splat(0.0); SUMS]);
    for i in (0..BLOCK).step_by(SUMS * L::WIDTH) {
        for j in 0..SUMS {
            // SAFETY: both are `BLOCK` long, which is a multiple of what is read in a round.
            let (x, y) = unsafe {
                let at = i + j * L::WIDTH;
                (L::load(now.as_ptr().add(at)), L::load(next.as_ptr().add(at)))
            };
            let off = x - mean;
            squares[j] = off.fma(off, squares[j]);
            sums[j] = sums[j] + y;
        }
    }
    (joined(&Sum, squares), joined(&Sum, sums))
}

/// Number, means, and sum of products of deviations of pairs.
#[derive(Clone, Copy, Default)]
pub struct CoMoments {
    /// Number of pairs.
    pub count: f64,
    /// Means of both.
    pub means: [f64; 2],
    /// The sum of products of deviations from them.
    pub products: f64,
}

struct MeasuringPairs<'a>([&'a [f64]; 2]);

impl Kernel for MeasuringPairs<'_> {
    type Output = CoMoments;

    #[inline(always)]
    fn run<L: Lane>(self) -> CoMoments {
        let [x, y] = self.0;
        let mut all = CoMoments::default();
        for (x, y) in x.chunks(PAIRS).zip(y.chunks(PAIRS)) {
            let count = x.len() as f64;
            let means = [block::<1, L, _>(&Sum, [x]) / count, block::<1, L, _>(&Sum, [y]) / count];
            let products = block::<2, L, _>(&CoDeviations(means[0], means[1]), [x, y]);
            all = all.and(CoMoments { count, means, products });
        }
        all
    }
}

impl CoMoments {
    /// Of two parts together.
    fn and(self, other: Self) -> Self {
        if self.count == 0.0 {
            return other;
        }
        let count = self.count + other.count;
        let share = other.count / count;
        let apart = [other.means[0] - self.means[0], other.means[1] - self.means[1]];
        Self {
            count,
            means: [self.means[0] + apart[0] * share, self.means[1] + apart[1] * share],
            products: self.products + other.products + apart[0] * apart[1] * self.count * share,
        }
    }
}

/// The moments of pairs; both are as long.
pub fn co_moments(x: &[f64], y: &[f64]) -> CoMoments {
    dispatch(MeasuringPairs([x, y]))
}

struct Weighing<'a>([&'a [f64]; 2]);

impl Kernel for Weighing<'_> {
    /// The sum of products, and that of the weights.
    type Output = [f64; 2];

    #[inline(always)]
    fn run<L: Lane>(self) -> [f64; 2] {
        let [x, w] = self.0;
        let (mut products, mut weights) = (0.0, 0.0);
        for (x, w) in x.chunks(PAIRS).zip(w.chunks(PAIRS)) {
            products += block::<2, L, _>(&Dot, [x, w]);
            weights += block::<1, L, _>(&Sum, [w]);
        }
        [products, weights]
    }
}

/// The mean of x, weighted; both are as long.
pub fn weighted_mean(x: &[f64], w: &[f64]) -> f64 {
    let [products, weights] = dispatch(Weighing([x, w]));
    products / weights
}
