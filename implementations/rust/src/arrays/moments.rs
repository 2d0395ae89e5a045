//! Mean and variance in one reading: two passes over blocks that stay in the first cache, then Chan's merge.
//!
//! Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247. Welford's update, which divides
//! once an element and in series, is many times slower (`rust_welford`).

use super::dispatch::{Kernel, dispatch};
use super::fold::{CoDeviations, Deviations, Dot, Sum, block};
use super::vector::Lane;

/// Elements whose mean and squared deviations are taken together: 16 KiB.
const BLOCK: usize = 2048;

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
    let mut all = Moments::default();
    for part in x.chunks(BLOCK) {
        let count = part.len() as f64;
        let mean = block::<1, L, _>(&Sum, [part]) / count;
        let squares = block::<1, L, _>(&Deviations(mean), [part]);
        all = all.and(Moments { count, mean, squares });
    }
    all
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
        for (x, y) in x.chunks(BLOCK / 2).zip(y.chunks(BLOCK / 2)) {
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
        for (x, w) in x.chunks(BLOCK / 2).zip(w.chunks(BLOCK / 2)) {
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
