//! Lanes: square roots beside the unit for them, and running sums in halves.

use crate::arrays::dispatch::{Kernel, dispatch};
use crate::arrays::elementwise::{Map, Spans, map};
use crate::arrays::vector::Lane;

struct Root;

impl Map<1> for Root {
    #[inline(always)]
    fn at<L: Lane>(&self, [x]: [L; 1]) -> L {
        x.root()
    }
}

#[test]
fn roots_are_the_nearest_numbers() {
    let special = [0.0, -0.0, f64::INFINITY, f64::NAN, -1.0, 5e-324, f64::MIN_POSITIVE, f64::MAX, 1.0, 4.0];
    let every = if cfg!(miri) { 1 << 58 } else { 1 << 50 };
    let numbers = (0..u64::MAX / 2).step_by(every).map(|bits| f64::from_bits(bits + bits / 7919));
    let x: Vec<f64> = numbers.chain(special).collect();
    let mut got = vec![0.0; x.len()].into_boxed_slice();
    // SAFETY: both are that long.
    unsafe { map(&Root, Spans { given: [x.as_ptr()], out: got.as_mut_ptr(), count: x.len() }) };
    for (x, got) in x.iter().zip(&got) {
        let want = x.sqrt();
        assert!(
            want.to_bits() == got.to_bits() || (want.is_nan() && got.is_nan()),
            "the root of {x:e} is {want:e}, not {got:e}"
        );
    }
}

struct Running<'a>(&'a [f64], &'a mut [f64]);

impl Kernel for Running<'_> {
    type Output = ();

    #[inline(always)]
    fn run<L: Lane>(self) {
        let (mut before, count) = (L::splat(-0.0), self.0.len());
        for i in (0..count - count % L::WIDTH).step_by(L::WIDTH) {
            // SAFETY: both are `count` long.
            unsafe {
                before = L::load(self.0.as_ptr().add(i)).store_scan(before, self.1.as_mut_ptr().add(i))
            };
        }
    }
}

#[test]
fn running_sums_of_whole_numbers_are_exact_and_keep_signs() {
    let numbers: Box<[f64]> = (0..64).map(|i| f64::from((i * 37) % 101 - 50)).collect();
    let zeros = vec![-0.0; 16].into_boxed_slice();
    for x in [numbers, zeros] {
        let mut got = vec![1.0; x.len()].into_boxed_slice();
        dispatch(Running(&x, &mut got));
        let mut sum = -0.0;
        for (x, got) in x.iter().zip(&got) {
            sum += x;
            assert_eq!(f64::to_bits(sum), got.to_bits());
        }
    }
}
