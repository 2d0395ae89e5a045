//! One pass over the hypotheses of an object: `rust_fused`, the same text as `numba_fused`.
//!
//! What lies in range is gathered from a grid without a branch; where it is more than k, the k nearest of it are
//! chosen by counting, for each, how many are nearer: that is many comparisons, but eight at a time and none of
//! them mispredicted. There are no arrays of new evidence unless hypotheses are left untested.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays};
use super::episode::{Nodes, Own, Rules, Sight, UNTESTED, Update, episode, settle, weigh};
use super::grid::{Grid, GridArrays};
use super::near::Near;
use super::parts::{Felt, Vector, judge, larger, shift, smaller};
use pyo3::prelude::*;

/// Up to so many nodes in range are ranked by counting.
pub const COUNTED: usize = 64;
/// Distances are computed for a multiple of so many nodes; the grid's coordinates have at least as many more at
/// their end.
pub const LANES: usize = 8;

/// Nodes around a hypothesis: squared distances and places in the grid's order.
pub struct InRange {
    /// Squared distances of all nodes in the cubes around it, then of those in range.
    pub d: Vec<f64>,
    /// Places.
    pub place: Vec<u32>,
    /// How many are in range.
    pub count: usize,
}

impl InRange {
    /// Room for so many nodes, and a whole vector more.
    pub fn new(nodes: usize) -> Self {
        Self { d: vec![0.0; nodes + LANES], place: vec![0; nodes + LANES], count: 0 }
    }
}

/// How the nodes in range are gathered.
pub trait Gather {
    /// Fill `found` with the nodes of an object that are no farther than the limit.
    fn gather(&self, grid: &Grid<'_>, object: usize, at: &Vector, found: &mut InRange);
}

/// First all distances, row by row of cubes, then what is in range moved to the front, one after the other.
pub struct TwoPasses;

impl Gather for TwoPasses {
    #[inline(always)]
    fn gather(&self, grid: &Grid<'_>, object: usize, at: &Vector, found: &mut InRange) {
        let mut total = 0;
        grid.rows(object, at, |low, high| {
            let wide = (high - low).next_multiple_of(LANES);
            let (row, to) = (low..low + wide, total..total + wide);
            let (x, y, z) = (&grid.x[row.clone()], &grid.y[row.clone()], &grid.z[row]);
            distances(x, y, z, at, &mut found.d[to.clone()]);
            for (place, i) in found.place[to].iter_mut().zip(low..) {
                *place = i as u32;
            }
            total += high - low;
        });
        let mut count = 0;
        let (d, place) = (&mut found.d[..total], &mut found.place[..total]);
        for i in 0..total {
            let far = d[i];
            d[count] = far;
            place[count] = place[i];
            count += usize::from(far <= grid.limit);
        }
        found.count = count;
    }
}

/// Squared distances of nodes. The compiler makes vectors of a loop over all of them; one over eight it would unroll
/// first, and then there is no loop to make them of, and packing neighbours is switched off, as it is in Numba.
#[inline(always)]
fn distances(x: &[f64], y: &[f64], z: &[f64], at: &Vector, d: &mut [f64]) {
    let [ax, ay, az] = *at;
    for (((x, y), z), d) in x.iter().zip(y).zip(z).zip(d) {
        let (dx, dy, dz) = (x - ax, y - ay, z - az);
        *d = dx * dx + dy * dy + dz * dz;
    }
}

/// The hypotheses of an object in one pass.
pub struct Fused<'a, G> {
    gather: G,
    grid: Grid<'a>,
    found: InRange,
    near: Near,
    new: Vec<f64>,
}

impl<'a, G: Gather> Fused<'a, G> {
    /// Gather in this way from a grid, for the k nearest.
    pub fn new(gather: G, grid: Grid<'a>, k: usize) -> Self {
        let found = InRange::new(grid.order.len());
        Self { gather, grid, found, near: Near::new(k), new: Vec::new() }
    }

    /// The evidence of an observation for a hypothesis.
    #[inline(always)]
    fn weigh(&mut self, view: &View<'_>, object: usize, at: &Vector, rot: &[f64; 9]) -> f64 {
        self.gather.gather(&self.grid, object, at, &mut self.found);
        let (found, k) = (&mut self.found, view.rules.k);
        if found.count == 0 {
            return -1.0;
        }
        if found.count <= k {
            return best_of(view, &self.grid, at, rot, &found.place[..found.count]);
        }
        if found.count <= COUNTED {
            let mut kept = [0; COUNTED];
            if choose(found, k, &mut kept) == k {
                return best_of(view, &self.grid, at, rot, &kept[..k]);
            }
        }
        self.near.clear(); // very many in range, or equally far ones: in order of distance and index
        for (&d, &place) in found.d[..found.count].iter().zip(&found.place) {
            self.near.insert_any(d, self.grid.order[place as usize] as usize);
        }
        weigh(view.nodes, view.rules.radius, view.sight, at, rot, self.near.nodes())
    }

    /// Move hypotheses and fill the new evidence of those that are tested; return the least of it.
    pub fn test(
        &mut self,
        view: &View<'_>,
        object: usize,
        loc: &mut [Vector],
        rot: &[[f64; 9]],
        ev: &[f64],
        new: &mut [f64],
    ) -> f64 {
        let mut least = f64::INFINITY;
        for (((at, rot), &ev), new) in loc.iter_mut().zip(rot).zip(ev).zip(new) {
            shift(at, rot, view.sight.v);
            if ev >= view.sight.threshold {
                *new = self.weigh(view, object, at, rot);
                least = smaller(least, *new);
            }
        }
        least
    }
}

/// What the hypotheses of an object are judged by.
pub struct View<'a> {
    /// The nodes of all objects.
    pub nodes: &'a Nodes<'a>,
    /// The options.
    pub rules: &'a Rules,
    /// The observation.
    pub sight: &'a Sight<'a>,
}

/// The best evidence of nodes at some places of the grid's order.
#[inline(always)]
fn best_of(view: &View<'_>, grid: &Grid<'_>, at: &Vector, rot: &[f64; 9], places: &[u32]) -> f64 {
    let (nodes, sight, radius) = (view.nodes, view.sight, view.rules.radius);
    let felt = Felt::new(rot, sight.seen);
    let mut best = -1.0;
    for &place in places {
        let place = place as usize;
        let j = grid.order[place] as usize;
        let delta = [grid.x[place] - at[0], grid.y[place] - at[1], grid.z[place] - at[2]];
        let both = sight.seen[9] != 0.0 && nodes.defined[j] != 0.0;
        best = larger(best, judge(delta, &felt, &nodes.frame[j], both, sight.phi[j], sight.kappa, radius));
    }
    best
}

/// Keep the places of nodes that have fewer than k nearer ones; return how many: more than k if some at the bound
/// are equally far.
#[inline(always)]
fn choose(found: &mut InRange, k: usize, kept: &mut [u32; COUNTED]) -> usize {
    let count = found.count;
    let mut d = [[f64::INFINITY; LANES]; COUNTED / LANES];
    d.as_flattened_mut()[..count].copy_from_slice(&found.d[..count]);
    let mut rank = [[0_u64; LANES]; COUNTED / LANES];
    for (rank, d) in rank.iter_mut().zip(&d).take(count.div_ceil(LANES)) {
        let mut nearer_ones = [0; LANES];
        for &nearer in &found.d[..count] {
            for l in 0..LANES {
                nearer_ones[l] += u64::from(nearer < d[l]);
            }
        }
        *rank = nearer_ones;
    }
    let mut chosen = 0;
    for (&rank, &place) in rank.as_flattened()[..count].iter().zip(&found.place) {
        kept[chosen] = place;
        chosen += usize::from(rank < k as u64);
    }
    chosen
}

impl<G: Gather> Update for Fused<'_, G> {
    fn update(&mut self, nodes: &Nodes<'_>, rules: &Rules, sight: &Sight<'_>, own: Own<'_>) {
        let Own { object, loc, rot, ev } = own;
        let view = View { nodes, rules, sight };
        if sight.threshold == f64::NEG_INFINITY {
            for ((at, rot), ev) in loc.iter_mut().zip(rot).zip(ev) {
                shift(at, rot, sight.v);
                *ev = rules.past * *ev + rules.present * self.weigh(&view, object, at, rot);
            }
            return;
        }
        let mut new = std::mem::take(&mut self.new);
        new.clear();
        new.resize(ev.len(), UNTESTED);
        let least = self.test(&view, object, loc, rot, ev, &mut new);
        settle(ev, &new, least, rules);
        self.new = new;
    }
}

/// `monty_evidence_fused(nodes, observed, rules, run, index)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_fused(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
    index: GridArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    let mut fused = Fused::new(TwoPasses, index.grid(rules.radius)?, rules.k);
    episode(&nodes.nodes()?, &observed.observed()?, &rules, &mut run.run()?, &mut fused);
    Ok(())
}
