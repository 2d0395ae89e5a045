//! Nearest nodes by looking at all: `rust_pyo3`, and `rust_bounded`, which passes by what is out of range.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays};
use super::episode::{Nodes, Plain, Search, episode};
use super::near::Near;
use super::parts::Vector;
use pyo3::prelude::*;

/// All nodes.
struct Scan;

impl Search for Scan {
    #[inline(always)]
    fn nearest(&self, nodes: &Nodes<'_>, object: usize, at: &Vector, near: &mut Near) {
        let low = nodes.starts[object];
        for (i, p) in nodes.pos[low..nodes.starts[object + 1]].iter().enumerate() {
            let (dx, dy, dz) = (p[0] - at[0], p[1] - at[1], p[2] - at[2]);
            near.insert(dx * dx + dy * dy + dz * dz, low + i);
        }
    }
}

/// All nodes within a squared distance.
struct Bounded(f64);

impl Search for Bounded {
    #[inline(always)]
    fn nearest(&self, nodes: &Nodes<'_>, object: usize, at: &Vector, near: &mut Near) {
        let low = nodes.starts[object];
        for (i, p) in nodes.pos[low..nodes.starts[object + 1]].iter().enumerate() {
            let (dx, dy, dz) = (p[0] - at[0], p[1] - at[1], p[2] - at[2]);
            let d = dx * dx + dy * dy + dz * dz;
            if d <= self.0 {
                near.insert(d, low + i);
            }
        }
    }
}

/// The squared distance beyond which no node can be in range, rounding included.
pub fn limit(radius: f64) -> f64 {
    radius * radius * (1.0 + 1e-12)
}

/// `monty_evidence_scan(nodes, observed, rules, run)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_scan(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    episode(&nodes.nodes()?, &observed.observed()?, &rules, &mut run.run()?, &mut Plain::new(Scan, rules.k));
    Ok(())
}

/// `monty_evidence_bounded(nodes, observed, rules, run)`: the same, nodes out of range passed by.
#[pyfunction]
pub fn monty_evidence_bounded(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    let search = Bounded(limit(rules.radius));
    episode(
        &nodes.nodes()?,
        &observed.observed()?,
        &rules,
        &mut run.run()?,
        &mut Plain::new(search, rules.k),
    );
    Ok(())
}
