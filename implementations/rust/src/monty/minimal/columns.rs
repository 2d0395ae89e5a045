//! A structure of arrays, summed in sixteen lanes: the same text as `numba_soa`, and what SIMD variants equal.

use super::arrays::Observation;
use super::episode::Store;

/// Sums that are kept side by side; the observation j goes into lane j mod 16.
pub const LANES: usize = 16;

/// Coordinates and features, each in an array of its own.
pub struct Columns {
    /// First coordinate.
    x: Vec<f32>,
    /// Second coordinate.
    y: Vec<f32>,
    /// Third coordinate.
    z: Vec<f32>,
    /// Feature.
    f: Vec<f32>,
}

impl Columns {
    /// The columns in chunks of so many, and what is left of them.
    #[inline(always)]
    pub fn chunks<const N: usize>(&self) -> (impl Iterator<Item = Chunk<'_, N>>, [&[f32]; 4]) {
        let ((x, xr), (y, yr)) = (self.x.as_chunks(), self.y.as_chunks());
        let ((z, zr), (f, fr)) = (self.z.as_chunks(), self.f.as_chunks());
        let chunks = x.iter().zip(y).zip(z).zip(f).map(|(((x, y), z), f)| [x, y, z, f]);
        (chunks, [xr, yr, zr, fr])
    }
}

/// So many observations, column by column.
pub type Chunk<'a, const N: usize> = [&'a [f32; N]; 4];

/// 1 / (1 + distance + difference of features).
#[inline(always)]
pub fn similarity(observation: [f32; 4], query: &Observation) -> f32 {
    let [x, y, z, f] = *query;
    let (dx, dy, dz) = (observation[0] - x, observation[1] - y, observation[2] - z);
    let distance = (dx * dx + dy * dy + dz * dz).sqrt();
    1.0 / (1.0 + distance + (observation[3] - f).abs())
}

/// The sum of the lanes: halves added to each other, four times.
#[inline(always)]
pub fn folded(mut lanes: [f32; LANES]) -> f32 {
    for half in [8, 4, 2, 1] {
        for l in 0..half {
            lanes[l] += lanes[l + half];
        }
    }
    lanes[0]
}

/// Add what is left after the last full sixteen, each to its lane.
#[inline(always)]
pub fn add_rest(lanes: &mut [f32; LANES], rest: [&[f32]; 4], query: &Observation) {
    let [x, y, z, f] = rest;
    for (l, (((&x, &y), &z), &f)) in x.iter().zip(y).zip(z).zip(f).enumerate() {
        lanes[l] += similarity([x, y, z, f], query);
    }
}

impl Store for Columns {
    fn with_capacity(points: usize) -> Self {
        let column = || Vec::with_capacity(points);
        Self { x: column(), y: column(), z: column(), f: column() }
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        let [x, y, z, f] = observation;
        self.x.push(x);
        self.y.push(y);
        self.z.push(z);
        self.f.push(f);
    }

    fn len(&self) -> usize {
        self.x.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        let (chunks, rest) = self.chunks::<LANES>();
        let mut lanes = [0.0; LANES];
        for [x, y, z, f] in chunks {
            for l in 0..LANES {
                lanes[l] += similarity([x[l], y[l], z[l], f[l]], query);
            }
        }
        add_rest(&mut lanes, rest, query);
        folded(lanes) / self.len() as f32
    }
}
