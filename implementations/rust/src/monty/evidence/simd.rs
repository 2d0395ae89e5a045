//! The fused matcher with AVX-512: `rust_simd`. The same operations in the same order, eight nodes at a time.
//!
//! What is in range is moved together within a register, so that one pass is enough. Without these instructions
//! it is `rust_fused`.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays};
use super::episode::episode;
use super::fused::{Fused, TwoPasses};
use super::grid::GridArrays;
use pyo3::prelude::*;

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use super::super::fused::{Gather, InRange, LANES};
    use super::super::grid::Grid;
    use super::super::parts::Vector;
    use std::arch::x86_64::*;

    /// Eight nodes at a time. Whoever makes one has seen that the processor has AVX-512 F and VL.
    pub struct Eight(());

    impl Eight {
        /// The way to gather, where the processor has it.
        pub fn new() -> Option<Self> {
            let there = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl");
            there.then_some(Self(()))
        }
    }

    impl Gather for Eight {
        #[inline(always)]
        fn gather(&self, grid: &Grid<'_>, object: usize, at: &Vector, found: &mut InRange) {
            // SAFETY: `new` has seen that the processor has these instructions.
            unsafe { gather(grid, object, at, found) }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512vl")]
    fn gather(grid: &Grid<'_>, object: usize, at: &Vector, found: &mut InRange) {
        let [ax, ay, az] = at.map(|a| _mm512_set1_pd(a));
        let limit = _mm512_set1_pd(grid.limit);
        let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
        let mut count = 0;
        grid.rows(object, at, |low, high| {
            assert!(high <= grid.order.len() && count + high - low <= grid.order.len());
            for place in (low..high).step_by(LANES) {
                // SAFETY: coordinates have LANES values more than there are nodes, and so have `d` and `place`;
                // no more than all nodes have been counted (asserted above).
                unsafe {
                    let dx = _mm512_sub_pd(_mm512_loadu_pd(grid.x.as_ptr().add(place)), ax);
                    let dy = _mm512_sub_pd(_mm512_loadu_pd(grid.y.as_ptr().add(place)), ay);
                    let dz = _mm512_sub_pd(_mm512_loadu_pd(grid.z.as_ptr().add(place)), az);
                    let xy = _mm512_add_pd(_mm512_mul_pd(dx, dx), _mm512_mul_pd(dy, dy));
                    let d = _mm512_add_pd(xy, _mm512_mul_pd(dz, dz));
                    let row = u8::MAX >> LANES.saturating_sub(high - place);
                    let near = _mm512_mask_cmp_pd_mask::<_CMP_LE_OQ>(row, d, limit);
                    let places = _mm256_add_epi32(_mm256_set1_epi32(place as i32), lanes);
                    let (d, places) =
                        (_mm512_maskz_compress_pd(near, d), _mm256_maskz_compress_epi32(near, places));
                    _mm512_storeu_pd(found.d.as_mut_ptr().add(count), d);
                    _mm256_storeu_si256(found.place.as_mut_ptr().add(count).cast(), places);
                    count += near.count_ones() as usize;
                }
            }
        });
        found.count = count;
    }
}

/// `monty_evidence_simd(nodes, observed, rules, run, index)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_simd(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
    index: GridArrays<'_>,
) -> PyResult<()> {
    let (nodes, observed, rules) = (nodes.nodes()?, observed.observed()?, rules.rules());
    let (mut run, grid) = (run.run()?, index.grid(rules.radius)?);
    #[cfg(target_arch = "x86_64")]
    if let Some(eight) = avx512::Eight::new() {
        episode(&nodes, &observed, &rules, &mut run, &mut Fused::new(eight, grid, rules.k));
        return Ok(());
    }
    episode(&nodes, &observed, &rules, &mut run, &mut Fused::new(TwoPasses, grid, rules.k));
    Ok(())
}
