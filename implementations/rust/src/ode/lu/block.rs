//! Blocks of 64 bytes of a column, in AVX-512 registers.
//!
//! They are made only by functions that have AVX-512F enabled, and those are called only after the processor has
//! been seen to have it: that is the safety argument of every block here. All methods are inlined there.

use std::arch::x86_64::*;

use numpy::Complex64;

use super::Scalar;

/// A block of numbers; of complex ones, real and imaginary parts take turns.
pub type Block = __m512d;

/// A number of which `PER` make a block. Operations round as the operators of the number do.
pub trait Wide: Scalar {
    /// Numbers in a block.
    const PER: usize;
    /// A number everywhere, as `product` wants it.
    type Spread: Copy;
    /// A number everywhere.
    fn splat(self) -> Block;
    /// What is the same everywhere in a block.
    fn spread(same: Block) -> Self::Spread;
    /// A block times a number.
    fn product(block: Block, by: Self::Spread) -> Block;
    /// A block over a number.
    fn quotient(block: Block, by: Self) -> Block;
    /// The sizes by which pivots are chosen, in all lanes of each number.
    fn sizes(block: Block) -> Block;
}

/// An instruction or two.
macro_rules! instructions {
    ($($code:tt)*) => {
        // SAFETY: the processor has them (see the top of this file).
        unsafe { $($code)* }
    };
}

/// The blocks at the start of a column.
#[inline(always)]
pub fn load<T: Wide, const BLOCKS: usize>(from: &[T]) -> [Block; BLOCKS] {
    assert!(from.len() >= BLOCKS * T::PER);
    let from = from.as_ptr().cast::<f64>();
    // SAFETY: there are as many numbers, of one or two float64 each.
    std::array::from_fn(|r| unsafe { _mm512_loadu_pd(from.add(8 * r)) })
}

/// Write blocks to the start of a column.
#[inline(always)]
pub fn store<T: Wide, const BLOCKS: usize>(to: &mut [T], blocks: [Block; BLOCKS]) {
    assert!(to.len() >= BLOCKS * T::PER);
    let to = to.as_mut_ptr().cast::<f64>();
    for (r, block) in blocks.into_iter().enumerate() {
        // SAFETY: as above.
        unsafe { _mm512_storeu_pd(to.add(8 * r), block) };
    }
}

impl Wide for f64 {
    const PER: usize = 8;
    type Spread = Block;

    #[inline(always)]
    fn splat(self) -> Block {
        instructions!(_mm512_set1_pd(self))
    }
    #[inline(always)]
    fn spread(same: Block) -> Block {
        same
    }
    #[inline(always)]
    fn product(block: Block, by: Block) -> Block {
        instructions!(_mm512_mul_pd(block, by))
    }
    #[inline(always)]
    fn quotient(block: Block, by: f64) -> Block {
        instructions!(_mm512_div_pd(block, _mm512_set1_pd(by)))
    }
    #[inline(always)]
    fn sizes(block: Block) -> Block {
        instructions!(_mm512_abs_pd(block))
    }
}

/// The lanes of real parts.
const REAL: __mmask8 = 0b0101_0101;

/// Real and imaginary parts change places.
const CROSSED: i32 = 0b0101_0101;

impl Wide for Complex64 {
    const PER: usize = 4;
    /// The real part; the imaginary part, negative in the lanes of real parts.
    type Spread = (Block, Block);

    #[inline(always)]
    fn splat(self) -> Block {
        instructions!(_mm512_mask_mov_pd(_mm512_set1_pd(self.im), REAL, _mm512_set1_pd(self.re)))
    }
    #[inline(always)]
    fn spread(same: Block) -> Self::Spread {
        instructions! {
            let im = _mm512_permute_pd::<0b1111_1111>(same);
            (_mm512_movedup_pd(same), _mm512_mask_sub_pd(im, REAL, _mm512_set1_pd(-0.0), im))
        }
    }
    #[inline(always)]
    fn product(block: Block, by: Self::Spread) -> Block {
        instructions! {
            let crossed = _mm512_permute_pd::<CROSSED>(block);
            _mm512_add_pd(_mm512_mul_pd(block, by.0), _mm512_mul_pd(crossed, by.1))
        }
    }
    #[inline(always)]
    fn quotient(block: Block, by: Complex64) -> Block {
        let product = Self::product(block, Self::spread(by.conj().splat()));
        instructions!(_mm512_div_pd(product, _mm512_set1_pd(by.norm_sqr())))
    }
    #[inline(always)]
    fn sizes(block: Block) -> Block {
        instructions! {
            let parts = _mm512_abs_pd(block);
            _mm512_add_pd(parts, _mm512_permute_pd::<CROSSED>(parts))
        }
    }
}
