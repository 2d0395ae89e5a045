//! Nearest nodes by a balanced KD-tree: `rust_kdtree`.
//!
//! The tree has no pointers: the nodes of a range are ordered so that the middle one splits it along the axis in
//! which the range is widest, and both halves are ordered likewise; short ranges are scanned.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays, rows};
use super::episode::{Nodes, Plain, Search, episode};
use super::near::Near;
use super::parts::Vector;
use super::scan::limit;
use crate::views::Read;
use numpy::{PyReadonlyArray1, PyReadwriteArray1};
use pyo3::prelude::*;

const LEAF: usize = 8;

/// `(order, axis, pos)`.
#[derive(FromPyObject)]
pub struct TreeArrays<'py>(PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, i64>, Read<'py>);

/// Trees over the nodes of every object.
struct Tree<'a> {
    order: &'a [i64],
    axis: &'a [i64],
    pos: &'a [Vector],
    limit: f64,
}

impl Tree<'_> {
    fn visit(&self, low: usize, high: usize, at: &Vector, near: &mut Near) {
        if high - low <= LEAF {
            for place in low..high {
                self.look(place, at, near);
            }
            return;
        }
        let middle = low + (high - low) / 2;
        let axis = self.axis[middle] as usize;
        let beyond = at[axis] - self.pos[middle][axis];
        let (first, second) = if beyond < 0.0 {
            ((low, middle), (middle + 1, high))
        } else {
            ((middle + 1, high), (low, middle))
        };
        self.visit(first.0, first.1, at, near);
        self.look(middle, at, near);
        if beyond * beyond <= near.bound(self.limit) {
            self.visit(second.0, second.1, at, near);
        }
    }

    #[inline(always)]
    fn look(&self, place: usize, at: &Vector, near: &mut Near) {
        let p = &self.pos[place];
        let (dx, dy, dz) = (p[0] - at[0], p[1] - at[1], p[2] - at[2]);
        let d = dx * dx + dy * dy + dz * dz;
        if d <= self.limit {
            near.insert_any(d, self.order[place] as usize);
        }
    }
}

impl Search for Tree<'_> {
    fn nearest(&self, nodes: &Nodes<'_>, object: usize, at: &Vector, near: &mut Near) {
        self.visit(nodes.starts[object], nodes.starts[object + 1], at, near);
    }
}

/// Order the nodes of a range.
fn build(pos: &[Vector], order: &mut [i64], axis: &mut [i64]) {
    if order.len() <= LEAF {
        return;
    }
    let extent = |a: usize| {
        let along = order.iter().map(|&node| pos[node as usize][a]);
        along.clone().fold(f64::NEG_INFINITY, f64::max) - along.fold(f64::INFINITY, f64::min)
    };
    let extents = [extent(0), extent(1), extent(2)];
    let widest = (1..3).fold(0, |best, a| if extents[a] > extents[best] { a } else { best });
    let middle = order.len() / 2;
    order.select_nth_unstable_by(middle, |&a, &b| {
        pos[a as usize][widest].total_cmp(&pos[b as usize][widest]).then(a.cmp(&b))
    });
    axis[middle] = widest as i64;
    let ((left, right), (left_axis, right_axis)) = (order.split_at_mut(middle), axis.split_at_mut(middle));
    build(pos, left, left_axis);
    build(pos, &mut right[1..], &mut right_axis[1..]);
}

/// `monty_evidence_tree(pos, starts, order, axis)`: fills the trees of all objects.
#[pyfunction]
pub fn monty_evidence_tree(
    pos: Read<'_>,
    starts: PyReadonlyArray1<'_, i64>,
    mut order: PyReadwriteArray1<'_, i64>,
    mut axis: PyReadwriteArray1<'_, i64>,
) -> PyResult<()> {
    let (pos, order, axis) = (rows(&pos)?, order.as_slice_mut()?, axis.as_slice_mut()?);
    for (place, node) in order.iter_mut().enumerate() {
        *node = place as i64;
    }
    for span in starts.as_slice()?.windows(2) {
        let own = span[0] as usize..span[1] as usize;
        build(pos, &mut order[own.clone()], &mut axis[own]);
    }
    Ok(())
}

/// `monty_evidence_kdtree(nodes, observed, rules, run, index)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_kdtree(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
    index: TreeArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    let tree = Tree {
        order: index.0.as_slice()?,
        axis: index.1.as_slice()?,
        pos: rows(&index.2)?,
        limit: limit(rules.radius),
    };
    episode(&nodes.nodes()?, &observed.observed()?, &rules, &mut run.run()?, &mut Plain::new(tree, rules.k));
    Ok(())
}
