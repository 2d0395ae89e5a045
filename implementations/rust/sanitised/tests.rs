//! Every kernel on exactly as much memory as it was promised, at lengths around its widths and blocks.
//!
//! Miri runs the portable code, the address sanitiser and plain test runs also that of AVX-512.

use crate::arrays::dispatch::dispatch;
use crate::arrays::elementwise::{Map, Spans, map, map_parallel};
use crate::arrays::fold::{self, Dot, Largest, Smallest, Sum};
use crate::arrays::matmul_product::{Product, blocked, portable, shared, tiled};
use crate::arrays::moments::{co_moments, moments, weighted_mean};
use crate::arrays::order_select::{MARGIN, Pass, median, pass, quantiles, sorted_median};
use crate::arrays::pipelines_adam::{adam, adam_naive};
use crate::arrays::pipelines_signal::{Signal, Trend, WINDOW};
use crate::arrays::vector::{self, Lane, SIN_LIMIT};
use crate::arrays::workspace::with_workspace;
use crate::arrays::{naive_fields, pipelines_image, stencil_kernels};

const SPECIAL: [f64; 9] =
    [0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 5e-324, 1e300, -745.2, 709.9];

/// Lengths around a lane, four lanes and a block; Miri, a thousand times slower, runs the lane of one number.
fn lengths() -> impl Iterator<Item = usize> {
    let (few, more): (usize, &[usize]) =
        if cfg!(miri) { (6, &[17, 33]) } else { (70, &[511, 512, 513, 4095, 4097, 9000]) };
    (0..few).chain(more.iter().copied())
}

/// Numbers between -1 and 1 that look random (SplitMix64), of a buffer that ends where they end.
fn values(count: usize, seed: u64) -> Box<[f64]> {
    (0..count as u64)
        .map(|i| {
            let mut z = (i + seed * 1000).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 * 2.0_f64.powi(-52) - 1.0
        })
        .collect()
}

fn near(got: f64, want: f64, relative: f64, absolute: f64) -> bool {
    got == want || (got.is_nan() && want.is_nan()) || (got - want).abs() <= absolute + relative * want.abs()
}

fn all_near(got: &[f64], want: &[f64], relative: f64, absolute: f64) {
    assert_eq!(got.len(), want.len());
    for (i, (&got, &want)) in got.iter().zip(want).enumerate() {
        assert!(near(got, want, relative, absolute), "{got} is not {want}, at {i}");
    }
}

struct Exp;
struct Log;
struct Tanh;
struct Sin;
struct Cos;

impl Map<1> for Exp {
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        vector::exp(x)
    }
}
impl Map<1> for Log {
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        vector::log(x)
    }
}
impl Map<1> for Tanh {
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        vector::tanh(x)
    }
}

macro_rules! angles {
    ($name:ident, $function:path, $beyond:path) => {
        impl Map<1> for $name {
            const GUARDED: bool = true;
            fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
                $function(x)
            }
            fn guard<L: Lane>(&self, [x]: [L; 1]) -> (L, f64) {
                (x, SIN_LIMIT)
            }
            fn rare(&self, [x]: [f64; 1]) -> f64 {
                $beyond(x)
            }
        }
    };
}
angles!(Sin, vector::sin, f64::sin);
angles!(Cos, vector::cos, f64::cos);

/// Elements beyond one block, some special, scaled so that there are small and large ones.
fn mixed(count: usize, special: bool) -> Box<[f64]> {
    let mut x = values(count, 1);
    for (i, x) in x.iter_mut().enumerate() {
        *x *= [1.0, 30.0, 1e-9, 600.0][i % 4];
        if special && i % 3 == 0 {
            *x = SPECIAL[i / 3 % SPECIAL.len()];
        }
    }
    x
}

fn maps_like<F: Map<1> + Sync>(f: &F, want: fn(f64) -> f64, relative: f64, absolute: f64) {
    for (count, special) in lengths().flat_map(|count| [(count, false), (count, true)]) {
        let x = mixed(count, special);
        let want: Vec<f64> = x.iter().map(|&x| want(x)).collect();
        for skipped in 0..2.min(count) {
            let mut out = vec![0.0; count - skipped].into_boxed_slice();
            let spans =
                Spans { given: [x[skipped..].as_ptr()], out: out.as_mut_ptr(), count: count - skipped };
            // SAFETY: both are that long.
            unsafe { map(f, spans) };
            all_near(&out, &want[skipped..], relative, absolute);
        }
        let mut place = x.clone();
        let start = place.as_mut_ptr();
        // SAFETY: in place, of one array.
        unsafe { map_parallel(f, Spans { given: [start.cast_const()], out: start, count }) };
        all_near(&place, &want, relative, absolute);
    }
}

#[test]
fn exponentials() {
    maps_like(&Exp, f64::exp, 1e-15, 5e-324);
}

#[test]
fn logarithms() {
    maps_like(&Log, f64::ln, 1e-15, 0.0);
}

#[test]
fn hyperbolic_tangents() {
    maps_like(&Tanh, f64::tanh, 1e-15, 1e-16);
}

#[test]
fn sines() {
    maps_like(&Sin, f64::sin, 0.0, 4e-16);
}

#[test]
fn cosines() {
    maps_like(&Cos, f64::cos, 0.0, 4e-16);
}

#[test]
#[cfg_attr(miri, ignore)] // a hundred thousand elements
fn parts_of_threads() {
    let x = values(100_003, 2);
    let mut out = vec![0.0; x.len()].into_boxed_slice();
    // SAFETY: both are that long.
    unsafe { map_parallel(&Exp, Spans { given: [x.as_ptr()], out: out.as_mut_ptr(), count: x.len() }) };
    all_near(&out, &x.iter().map(|x| x.exp()).collect::<Vec<_>>(), 1e-15, 0.0);
}

#[test]
fn sums_and_moments() {
    for count in lengths().skip(1) {
        let (x, y) = (values(count, 3), values(count, 4));
        let n = count as f64;
        let sum = |each: &dyn Fn(usize) -> f64| (0..count).map(each).sum::<f64>();
        let (mean_x, mean_y) = (sum(&|i| x[i]) / n, sum(&|i| y[i]) / n);
        assert!(near(fold::fold(&Sum, [&x]), mean_x * n, 0.0, 1e-12));
        assert!(near(fold::fold(&Dot, [&x, &y]), sum(&|i| x[i] * y[i]), 0.0, 1e-12));
        assert_eq!(fold::fold(&Largest, [&x]), x.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        assert_eq!(fold::fold(&Smallest, [&x]), x.iter().copied().fold(f64::INFINITY, f64::min));
        assert!(near(moments(&x).variance(), sum(&|i| (x[i] - mean_x).powi(2)) / n, 1e-11, 1e-30));
        let both = co_moments(&x, &y);
        assert!(near(both.products, sum(&|i| (x[i] - mean_x) * (y[i] - mean_y)), 1e-10, 1e-12));
        let weights: Box<[f64]> = y.iter().map(|y| y + 2.0).collect();
        let want = sum(&|i| x[i] * weights[i]) / sum(&|i| weights[i]);
        assert!(near(weighted_mean(&x, &weights), want, 1e-11, 1e-14));
    }
}

fn passes() -> Vec<Pass> {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt") {
        return vec![pass, |values, low, high, kept| {
            // SAFETY: the processor has both.
            unsafe { crate::arrays::order_select::pass_avx512(values, low, high, kept) }
        }];
    }
    vec![pass]
}

#[test]
fn medians_and_quantiles() {
    let longer = if cfg!(miri) { vec![700] } else { vec![599, 600, 601, 700, 1000, 20_000] };
    for count in lengths().skip(1).chain(longer) {
        let random = values(count, 5);
        let few: Box<[f64]> = random.iter().map(|x| (x * 2.0).round()).collect();
        for x in [random, few, vec![3.0; count].into(), (0..count).map(|i| i as f64).collect()] {
            let mut sorted = vec![0.0; count].into_boxed_slice();
            let want = sorted_median(&x, &mut sorted);
            for pass in passes() {
                let mut kept = vec![0.0; count + MARGIN].into_boxed_slice();
                assert_eq!(median(&x, pass, &mut kept), want);
                let mut ends = [0.0; 2];
                quantiles(&x, &[0.0, 1.0], &mut ends, pass, &mut kept);
                assert_eq!(ends, [sorted[0], sorted[count - 1]]);
            }
        }
    }
}

#[test]
fn products() {
    let sizes: &[[usize; 3]] = if cfg!(miri) {
        &[[1, 1, 1], [9, 7, 5]]
    } else {
        &[
            [1, 1, 1],
            [2, 3, 4],
            [8, 24, 24],
            [9, 25, 25],
            [17, 5, 49],
            [64, 64, 64],
            [97, 129, 130],
            [101, 300, 1010],
        ]
    };
    for &[m, k, n] in sizes {
        let (a, b) = (values(m * k, 6), values(k * n, 7));
        let mut want = vec![0.0; m * n];
        for (i, want) in want.iter_mut().enumerate() {
            *want = (0..k).map(|depth| a[i / n * k + depth] * b[depth * n + i % n]).sum();
        }
        for multiply in [tiled, portable, shared, blocked] {
            let mut c = vec![f64::NAN; m * n].into_boxed_slice();
            multiply(&mut Product { a: &a, b: &b, c: &mut c, k, n });
            all_near(&c, &want, 0.0, 1e-15 * k as f64);
        }
    }
}

#[test]
fn stencils_and_images() {
    for (height, width) in [(3, 3), (4, 9), (5, 5), (6, 17), (8, 35)] {
        let field = values(height * width, 8);
        let (mut got, mut want) =
            (vec![0.0; (height - 2) * (width - 2)], vec![0.0; (height - 2) * (width - 2)]);
        stencil_kernels::laplacian(&field, width, &mut got);
        naive_fields::laplacian(&field, width, &mut want);
        assert_eq!(got, want);
        stencil_kernels::sobel(&field, width, &mut got);
        stencil_kernels::box_blur3(&field, width, &mut vec![0.0; 3 * (width - 2)], &mut got);
        if height.min(width) < 5 {
            continue;
        }
        let pixels = values(3 * height * width, 9);
        let pixels = pixels.as_chunks::<3>().0;
        let (mut got, mut want) =
            (vec![0.0; (height - 4) * (width - 4)], vec![1.0; (height - 4) * (width - 4)]);
        pipelines_image::image(pixels, width, &mut vec![0.0; 7 * width], &mut got);
        naive_fields::image(pixels, width, &mut want);
        assert_eq!(got, want);
    }
}

#[test]
fn signals() {
    for count in if cfg!(miri) { vec![3, 258] } else { vec![3, 256, 257, 258, 513, 1000] } {
        let values = values(count, 10);
        let windows = (count - 1) / WINDOW;
        let (mut got, mut want) = (vec![0.0; windows], vec![1.0; windows]);
        let trend = dispatch(Trend(&values));
        dispatch(Signal { values: &values, trend, first: 0, answer: &mut got });
        naive_fields::signal(&values, &mut want);
        all_near(&got, &want, 1e-10, 1e-12);
    }
}

#[test]
fn updates() {
    for count in [0, 1, 7, 33] {
        let given = [11, 12, 13, 14].map(|seed| values(count, seed));
        let given: [&[f64]; 4] = [&given[0], &given[1], &given[2], &given[3]];
        let (mut got, mut want) = (vec![0.0; 3 * count], vec![1.0; 3 * count]);
        adam(given, &mut got);
        adam_naive(given, &mut want);
        all_near(&got, &want, 1e-13, 1e-15);
    }
}

#[test]
fn a_kernel_in_a_kernel_has_a_workspace_of_its_own() {
    with_workspace(9, |outer| {
        outer.fill(1.0);
        with_workspace(9, |inner| inner.fill(2.0));
        assert_eq!(outer, [1.0; 9]);
    });
}
