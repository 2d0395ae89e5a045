//! Loops that end in a number: sums and products of arrays' elements, the largest, the smallest.

use super::dispatch::{Kernel, dispatch};
use super::vector::{Lane, load_each, load_first_of_each};

/// Elements that are summed in one go, in lanes: longer sums are sums of such sums, taken in pairs.
const BLOCK: usize = 4096;
/// Independent sums in registers: an addition takes that many times as long as it keeps its unit busy.
pub const SUMS: usize = 8;

/// A number that K arrays' elements are folded into.
pub trait Fold<const K: usize> {
    /// What elements are to be in place of those beyond the end, so that they change nothing.
    #[inline(always)]
    fn nothing(&self) -> [f64; K] {
        [0.0; K]
    }
    /// Where it begins.
    #[inline(always)]
    fn start(&self) -> f64 {
        0.0
    }
    /// With one more group of elements.
    fn step<L: Lane>(&self, so_far: L, x: [L; K]) -> L;
    /// Two parts together.
    #[inline(always)]
    fn join<L: Lane>(&self, one: L, other: L) -> L {
        one + other
    }
}

/// The sum.
pub struct Sum;
/// The sum of squares.
pub struct Squares;
/// The sum of products.
pub struct Dot;
/// The sum of squared differences.
pub struct SquaredDifferences;
/// The sum of squared deviations from a number.
pub struct Deviations(pub f64);
/// The sum of products of deviations from two numbers.
pub struct CoDeviations(pub f64, pub f64);
/// The largest; NaN where there is one.
pub struct Largest;
/// The smallest; NaN where there is one.
pub struct Smallest;

impl Fold<1> for Sum {
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x]: [L; 1]) -> L {
        so_far + x
    }
}

impl Fold<1> for Squares {
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x]: [L; 1]) -> L {
        x.fma(x, so_far)
    }
}

impl Fold<2> for Dot {
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x, y]: [L; 2]) -> L {
        x.fma(y, so_far)
    }
}

impl Fold<2> for SquaredDifferences {
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x, y]: [L; 2]) -> L {
        let d = x - y;
        d.fma(d, so_far)
    }
}

impl Fold<1> for Deviations {
    #[inline(always)]
    fn nothing(&self) -> [f64; 1] {
        [self.0]
    }
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x]: [L; 1]) -> L {
        let d = x - L::splat(self.0);
        d.fma(d, so_far)
    }
}

impl Fold<2> for CoDeviations {
    #[inline(always)]
    fn nothing(&self) -> [f64; 2] {
        [self.0, self.1]
    }
    #[inline(always)]
    fn step<L: Lane>(&self, so_far: L, [x, y]: [L; 2]) -> L {
        (x - L::splat(self.0)).fma(y - L::splat(self.1), so_far)
    }
}

/// The new one where it is NaN, else what `max` or `min` says, which keep a NaN that is their second operand.
macro_rules! extreme {
    ($fold:ident, $which:ident, $start:expr) => {
        impl Fold<1> for $fold {
            #[inline(always)]
            fn nothing(&self) -> [f64; 1] {
                [$start]
            }
            #[inline(always)]
            fn start(&self) -> f64 {
                $start
            }
            #[inline(always)]
            fn step<L: Lane>(&self, so_far: L, [x]: [L; 1]) -> L {
                self.join(so_far, x)
            }
            #[inline(always)]
            fn join<L: Lane>(&self, one: L, other: L) -> L {
                L::select(other.is_nan(), other, other.$which(one))
            }
        }
    };
}
extreme!(Largest, max, f64::NEG_INFINITY);
extreme!(Smallest, min, f64::INFINITY);

struct Folding<'a, const K: usize, F> {
    f: &'a F,
    x: [&'a [f64]; K],
}

/// Fold arrays of one length.
pub fn fold<const K: usize, F: Fold<K>>(f: &F, x: [&[f64]; K]) -> f64 {
    dispatch(Folding { f, x })
}

impl<const K: usize, F: Fold<K>> Kernel for Folding<'_, K, F> {
    type Output = f64;

    #[inline(always)]
    fn run<L: Lane>(self) -> f64 {
        run::<K, L, F>(self.f, self.x)
    }
}

/// As `fold`, on a lane's width.
#[inline(always)]
pub fn run<const K: usize, L: Lane, F: Fold<K>>(f: &F, x: [&[f64]; K]) -> f64 {
    let count = x[0].len();
    assert!(x.iter().all(|part| part.len() == count));
    if count <= BLOCK {
        return block::<K, L, F>(f, x);
    }
    let mut sums = [0.0; usize::BITS as usize];
    let mut blocks = 0_usize;
    let mut total = f.start();
    for from in (0..count).step_by(BLOCK) {
        let to = count.min(from + BLOCK);
        let mut part = block::<K, L, F>(f, std::array::from_fn(|k| &x[k][from..to]));
        if to == count {
            total = part;
            break;
        }
        // Like counting in binary: sums of 1, 2, 4, ... blocks wait for their like.
        let mut level = 0;
        while blocks >> level & 1 == 1 {
            part = f.join(sums[level], part);
            level += 1;
        }
        sums[level] = part;
        blocks += 1;
    }
    for (level, &sum) in sums.iter().enumerate() {
        if blocks >> level & 1 == 1 {
            total = f.join(sum, total);
        }
    }
    total
}

/// One block, in `SUMS` lanes side by side.
#[inline(always)]
pub fn block<const K: usize, L: Lane, F: Fold<K>>(f: &F, x: [&[f64]; K]) -> f64 {
    let count = x[0].len();
    let from = x.map(<[f64]>::as_ptr);
    let mut sums = [L::splat(f.start()); SUMS];
    let mut i = 0;
    // SAFETY: what is read begins at i and ends before `count`, which is the length of all.
    unsafe {
        while i + SUMS * L::WIDTH <= count {
            #[allow(clippy::needless_range_loop)] // see `load_each`
            for j in 0..SUMS {
                sums[j] = f.step(sums[j], load_each(from, i + j * L::WIDTH));
            }
            i += SUMS * L::WIDTH;
        }
        #[allow(clippy::needless_range_loop)] // see `load_each`
        for j in 0..SUMS - 1 {
            if i + L::WIDTH > count {
                break;
            }
            sums[j] = f.step(sums[j], load_each(from, i));
            i += L::WIDTH;
        }
        if i < count {
            sums[SUMS - 1] = f.step(sums[SUMS - 1], load_first_of_each(from, i, count - i, f.nothing()));
        }
    }
    joined(f, sums)
}

/// All of them together.
#[inline(always)]
pub fn joined<const K: usize, L: Lane, F: Fold<K>>(f: &F, [a, b, c, d, e, g, h, j]: [L; SUMS]) -> f64 {
    let joined = f.join(f.join(f.join(a, b), f.join(c, d)), f.join(f.join(e, g), f.join(h, j)));
    joined.reduce(|one, other| f.join(one, other))
}
