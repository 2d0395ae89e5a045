//! Observations by cells of a regular grid: the same text as `numba_grid`.

use super::arrays::Observation;
use super::nearest::{Nearest, squared};

/// The slack of a comparison that decides what need not be looked at.
const SLACK: f64 = 1.0 + 1e-9;

/// Observations sorted by cell; within a cell by index.
pub struct Grid {
    low: [f64; 3],
    cell: f64,
    counts: [usize; 3],
    starts: Vec<u32>,
    rows: Vec<Observation>,
    indices: Vec<u32>,
}

impl Grid {
    /// Sort into cells of the wished width, or wider where there would be over four cells an observation.
    pub fn new(observations: &[Observation], wished: f64) -> Self {
        let (low, high) = bounds(observations);
        let (cell, counts) = shape(low, high, wished, 4.0 * observations.len() as f64 + 64.0);
        let mut grid = Self { low, cell, counts, starts: vec![], rows: vec![], indices: vec![] };
        let cells: Vec<usize> = observations.iter().map(|o| grid.cell_of(o.map(f64::from))).collect();
        let mut next = vec![0_u32; counts.iter().product::<usize>() + 1];
        for &cell in &cells {
            next[cell + 1] += 1;
        }
        for c in 1..next.len() {
            next[c] += next[c - 1];
        }
        grid.starts = next.clone();
        grid.rows = vec![[0.0; 4]; observations.len()];
        grid.indices = vec![0; observations.len()];
        for (j, (&cell, observation)) in cells.iter().zip(observations).enumerate() {
            let place = next[cell] as usize;
            grid.rows[place] = *observation;
            grid.indices[place] = j as u32;
            next[cell] += 1;
        }
        grid
    }

    /// Bytes of the grid and of the observations that it holds.
    pub fn nbytes(&self) -> usize {
        4 * self.starts.len() + 16 * self.rows.len() + 4 * self.indices.len()
    }

    #[inline(always)]
    fn along(&self, d: usize, value: f64) -> usize {
        // A float below zero becomes 0: what lies outside belongs to the nearest cell.
        (((value - self.low[d]) / self.cell) as usize).min(self.counts[d] - 1)
    }

    fn cell_of(&self, point: [f64; 4]) -> usize {
        let [i, j, k] = [0, 1, 2].map(|d| self.along(d, point[d]));
        (i * self.counts[1] + j) * self.counts[2] + k
    }

    /// The evidence of a query from the cells within the radius.
    #[inline(always)]
    pub fn search(&self, query: &Observation, nearest: &mut Nearest) -> f64 {
        let wide = query.map(f64::from);
        let reach = |d: usize| nearest.reach() * SLACK + wide[d].abs() * (SLACK - 1.0);
        let from = [0, 1, 2].map(|d| self.along(d, wide[d] - reach(d)));
        let to = [0, 1, 2].map(|d| self.along(d, wide[d] + reach(d)));
        for i in from[0]..=to[0] {
            for j in from[1]..=to[1] {
                let line = (i * self.counts[1] + j) * self.counts[2];
                let first = self.starts[line + from[2]] as usize;
                let last = self.starts[line + to[2] + 1] as usize;
                for place in first..last {
                    // The index orders ties; the place beneath it finds the feature again.
                    let key = (self.indices[place] as usize) << 32 | place;
                    nearest.offer(squared(&self.rows[place], query).sqrt(), key);
                }
            }
        }
        nearest.best(|key| self.rows[key & 0xFFFF_FFFF][3], query)
    }
}

/// The lower and upper corners of the box around all observations.
fn bounds(observations: &[Observation]) -> ([f64; 3], [f64; 3]) {
    let mut corners = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
    for observation in observations {
        for ((low, high), &value) in corners.0.iter_mut().zip(&mut corners.1).zip(observation) {
            *low = low.min(f64::from(value));
            *high = high.max(f64::from(value));
        }
    }
    corners
}

/// The width of a cell, and the cells along each axis: not more than `most` in all.
fn shape(low: [f64; 3], high: [f64; 3], wished: f64, most: f64) -> (f64, [usize; 3]) {
    let mut cell = wished;
    loop {
        let counts = [0, 1, 2].map(|d| ((high[d] - low[d]) / cell).floor() + 1.0);
        if counts.iter().product::<f64>() <= most {
            return (cell, counts.map(|count| count as usize));
        }
        cell *= 1.25;
    }
}
