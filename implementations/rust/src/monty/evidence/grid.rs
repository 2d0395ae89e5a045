//! Nearest nodes by a grid of cubes: `rust_grid`. The index is made by `_grid.py`.

use super::arrays::{NodeArrays, ObservedArrays, RuleNumbers, RunArrays};
use super::episode::{Nodes, Plain, Search, episode};
use super::near::Near;
use super::parts::{Vector, larger, smaller};
use super::scan::limit;
use crate::views::Read;
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

/// `(order, coordinates, cells, shape, place)`.
#[derive(FromPyObject)]
pub struct GridArrays<'py>(
    PyReadonlyArray1<'py, i64>,
    Read<'py>,
    PyReadonlyArray1<'py, i64>,
    PyReadonlyArray2<'py, i64>,
    Read<'py>,
);

/// Cubes over the nodes of every object, and the distance beyond which no node is in range.
#[derive(Clone, Copy)]
pub struct Grid<'a> {
    /// The nodes in the order of their cubes.
    pub order: &'a [i64],
    /// Their coordinates in that order.
    pub x: &'a [f64],
    /// The second ones.
    pub y: &'a [f64],
    /// The third ones.
    pub z: &'a [f64],
    /// Where the nodes of a cube start.
    cells: &'a [i64],
    /// Of every object: cubes along the axes, its first entry in `cells`.
    shape: &'a [[i64; 4]],
    /// Of every object: the corner of its grid, cubes per metre.
    place: &'a [[f64; 4]],
    /// The range, rounding included.
    reach: f64,
    /// Its square, rounding included.
    pub limit: f64,
}

impl GridArrays<'_> {
    /// The grid, for nodes within a radius.
    pub fn grid(&self, radius: f64) -> PyResult<Grid<'_>> {
        let (order, coordinates) = (self.0.as_slice()?, self.1.as_slice()?);
        let (x, rest) = coordinates.split_at(coordinates.len() / 3);
        let (y, z) = rest.split_at(x.len());
        Ok(Grid {
            order,
            x,
            y,
            z,
            cells: self.2.as_slice()?,
            shape: self.3.as_slice()?.as_chunks().0,
            place: self.4.as_slice()?.as_chunks().0,
            reach: radius * (1.0 + 1e-9),
            limit: limit(radius),
        })
    }
}

impl Grid<'_> {
    /// Call `visit` with the places of the nodes in every row of cubes that the range around a location meets.
    #[inline(always)]
    pub fn rows(&self, object: usize, at: &Vector, mut visit: impl FnMut(usize, usize)) {
        let [nx, ny, nz, base] = self.shape[object];
        let [cx, cy, cz, per_side] = self.place[object];
        let (x0, x1) = span(at[0], cx, per_side, self.reach, nx);
        let (y0, y1) = span(at[1], cy, per_side, self.reach, ny);
        let (z0, z1) = span(at[2], cz, per_side, self.reach, nz);
        if x0 > x1 {
            return;
        }
        for z in z0..=z1 {
            for y in y0..=y1 {
                let row = base + (z * ny + y) * nx;
                let low = self.cells[(row + x0) as usize] as usize;
                visit(low, self.cells[(row + x1 + 1) as usize] as usize);
            }
        }
    }
}

/// The first and last cube along an axis that lie within reach; the first beyond the last where none does.
#[inline(always)]
fn span(at: f64, corner: f64, per_side: f64, reach: f64, cubes: i64) -> (i64, i64) {
    let last = cubes as f64 - 1.0;
    let low = larger(((at - reach - corner) * per_side).floor(), 0.0);
    let high = smaller(((at + reach - corner) * per_side).floor(), last);
    if low > high { (1, 0) } else { (low as i64, high as i64) }
}

impl Search for Grid<'_> {
    #[inline(always)]
    fn nearest(&self, _: &Nodes<'_>, object: usize, at: &Vector, near: &mut Near) {
        self.rows(object, at, |low, high| {
            let coordinates = self.x[low..high].iter().zip(&self.y[low..high]).zip(&self.z[low..high]);
            for (((x, y), z), &node) in coordinates.zip(&self.order[low..high]) {
                let (dx, dy, dz) = (x - at[0], y - at[1], z - at[2]);
                let d = dx * dx + dy * dy + dz * dz;
                if d <= self.limit {
                    near.insert_any(d, node as usize);
                }
            }
        });
    }
}

/// `monty_evidence_grid(nodes, observed, rules, run, index)`: takes the observations in, filling `run`.
#[pyfunction]
pub fn monty_evidence_grid(
    nodes: NodeArrays<'_>,
    observed: ObservedArrays<'_>,
    rules: RuleNumbers,
    mut run: RunArrays<'_>,
    index: GridArrays<'_>,
) -> PyResult<()> {
    let rules = rules.rules();
    let mut plain = Plain::new(index.grid(rules.radius)?, rules.k);
    episode(&nodes.nodes()?, &observed.observed()?, &rules, &mut run.run()?, &mut plain);
    Ok(())
}
