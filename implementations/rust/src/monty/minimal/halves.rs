//! Storage in half precision (IEEE binary16), 8 bytes an observation; compared in float32, in sixteen lanes.

use super::arrays::Observation;
use super::columns::{LANES, folded, similarity};
use super::episode::Store;
use half::f16;
use half::slice::HalfFloatSliceExt;

/// Sixteen observations together, a column after the other: x, y, z, feature.
type Block = [[f16; LANES]; 4];

/// Observations in half precision.
pub struct Halves {
    blocks: Vec<Block>,
    len: usize,
}

impl Store for Halves {
    fn with_capacity(points: usize) -> Self {
        Self { blocks: Vec::with_capacity(points.div_ceil(LANES)), len: 0 }
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        let lane = self.len % LANES;
        if lane == 0 {
            self.blocks.push([[f16::ZERO; LANES]; 4]);
        }
        let last = self.blocks.len() - 1;
        for (column, value) in self.blocks[last].iter_mut().zip(observation) {
            column[lane] = f16::from_f32(value);
        }
        self.len += 1;
    }

    fn len(&self) -> usize {
        self.len
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        let mut lanes = [0.0; LANES];
        let (full, rest) = self.blocks.split_at(self.len / LANES);
        for block in full {
            let [x, y, z, f] = widened(block);
            for l in 0..LANES {
                lanes[l] += similarity([x[l], y[l], z[l], f[l]], query);
            }
        }
        for block in rest {
            let [x, y, z, f] = widened(block);
            for l in 0..self.len % LANES {
                lanes[l] += similarity([x[l], y[l], z[l], f[l]], query);
            }
        }
        folded(lanes) / self.len as f32
    }
}

#[inline(always)]
fn widened(block: &Block) -> [[f32; LANES]; 4] {
    let mut wide = [[0.0; LANES]; 4];
    for (column, wide) in block.iter().zip(&mut wide) {
        column.convert_to_f32_slice(wide);
    }
    wide
}
