//! The fused matcher with the hypotheses of an object shared among the threads of rayon's pool: `rust_rayon`.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays};
use super::episode::{Nodes, Own, Rules, Sight, UNTESTED, Update, episode, settle};
use super::fused::{Fused, TwoPasses, View};
use super::grid::{Grid, GridArrays};
use super::parts::{Vector, smaller};
use crate::crew;
use pyo3::prelude::*;
use rayon::prelude::*;

const CHUNK: usize = 512; // hypotheses a task: about 0.1 ms

/// The hypotheses of an object in chunks.
struct Shared<'a> {
    grid: Grid<'a>,
    new: Vec<f64>,
}

impl Update for Shared<'_> {
    fn update(&mut self, nodes: &Nodes<'_>, rules: &Rules, sight: &Sight<'_>, own: Own<'_>) {
        let Own { object, loc, rot, ev } = own;
        let view = View { nodes, rules, sight };
        let grid = self.grid;
        self.new.clear();
        self.new.resize(ev.len(), UNTESTED);
        if crew::size() == 1 {
            let mut fused = Fused::new(TwoPasses, grid, rules.k);
            let least = tested(&mut fused, &view, object, loc, rot, ev, &mut self.new);
            return settle(ev, &self.new, least, rules);
        }
        let least = loc
            .par_chunks_mut(CHUNK)
            .zip(rot.par_chunks(CHUNK))
            .zip(ev.par_chunks(CHUNK))
            .zip(self.new.par_chunks_mut(CHUNK))
            .map_init(
                || Fused::new(TwoPasses, grid, rules.k),
                |fused, (((loc, rot), ev), new)| tested(fused, &view, object, loc, rot, ev, new),
            )
            .reduce(|| f64::INFINITY, smaller);
        settle(ev, &self.new, least, rules);
    }
}

/// `Fused::test`, out of line: its loops are the same vectors for a pool and for one thread.
#[inline(never)]
fn tested(
    fused: &mut Fused<'_, TwoPasses>,
    view: &View<'_>,
    object: usize,
    loc: &mut [Vector],
    rot: &[[f64; 9]],
    ev: &[f64],
    new: &mut [f64],
) -> f64 {
    fused.test(view, object, loc, rot, ev, new)
}

/// `monty_evidence_rayon(nodes, observed, rules, run, index)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_rayon(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
    index: GridArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    let mut shared = Shared { grid: index.grid(rules.radius)?, new: Vec::new() };
    episode(&nodes.nodes()?, &observed.observed()?, &rules, &mut run.run()?, &mut shared);
    Ok(())
}
