//! Mean and variance in one reading: two passes over blocks that stay in the first cache, then Chan's merge.
//!
//! Chan, Golub and LeVeque (1983), The American Statistician 37, 242-247. Welford's update, which divides
//! once an element and in series, is many times slower (`rust_welford`).

use super::dispatch::{Kernel, dispatch};
use super::fold::{Deviations, Sum, block};
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
