//! Sixteen queries a pass: a lane is a query, so that each keeps the seed's sequential sum, bit for bit.

use super::arrays::Observation;
use super::columns::LANES;
use super::episode::Store;
use super::rows::Rows;

/// Observations one after the other, matched against sixteen queries at once.
pub struct Batched(Rows);

impl Store for Batched {
    const BATCH: usize = LANES;

    fn with_capacity(points: usize) -> Self {
        Self(Rows::with_capacity(points))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn mean(&self, query: &Observation) -> f32 {
        self.0.mean(query)
    }

    #[inline(always)]
    fn means(&self, queries: &[Observation], evidence: &mut [f32]) {
        let column = |c: usize| std::array::from_fn(|l| queries.get(l).map_or(0.0, |query| query[c]));
        let totals = totals(self.0.all(), &[column(0), column(1), column(2), column(3)]);
        for (one, total) in evidence.iter_mut().zip(totals) {
            *one = total / self.len() as f32;
        }
    }
}

#[inline(always)]
fn totals(rows: &[Observation], queries: &[[f32; LANES]; 4]) -> [f32; LANES] {
    let [x, y, z, f] = queries;
    let mut totals = [0.0; LANES];
    for row in rows {
        for l in 0..LANES {
            let (dx, dy, dz) = (row[0] - x[l], row[1] - y[l], row[2] - z[l]);
            let distance = (dx * dx + dy * dy + dz * dz).sqrt();
            totals[l] += 1.0 / (1.0 + distance + (row[3] - f[l]).abs());
        }
    }
    totals
}
