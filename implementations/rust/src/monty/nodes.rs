//! Exploring: observations appended to a buffer, and averaged over voxels into nodes.
//!
//! What is computed: `paceline_models/monty/nodes`. The same text as its `numba_jit`.

use super::evidence::rows;
use crate::views::Read;
use numpy::{PyArray2, PyArrayMethods};
use pyo3::prelude::*;

const WIDTH: usize = 18;
const FREE: usize = usize::MAX;

type Row = [f64; WIDTH];
type Cell = [i64; 3];

/// The place in the table that holds a voxel, or that is free for it.
fn place_of(table: &[usize], cells: &[Cell], cell: &Cell) -> usize {
    let last = table.len() - 1;
    let [x, y, z] = *cell;
    let mixed = x.wrapping_mul(73_856_093) ^ y.wrapping_mul(19_349_663) ^ z.wrapping_mul(83_492_791);
    let mut place = mixed as usize & last;
    while table[place] != FREE && cells[table[place]] != *cell {
        place = (place + 1) & last;
    }
    place
}

/// The least count of a node that is kept, and how many of just that count are.
fn bound(counts: &[usize], most: usize) -> (usize, usize) {
    let mut ordered = counts.to_vec();
    ordered.sort_unstable();
    let least = ordered[ordered.len() - most];
    (least, most - ordered.iter().filter(|&&count| count > least).count())
}

/// The averages over voxels, in the order in which these were first touched; `most` at most.
fn averages(rows: &[Row], voxel: f64, most: usize) -> Vec<Row> {
    let mut table = vec![FREE; (2 * rows.len()).next_power_of_two()];
    let (mut cells, mut sums, mut counts) = (Vec::<Cell>::new(), Vec::<Row>::new(), Vec::<usize>::new());
    for row in rows {
        let cell = [0, 1, 2].map(|axis| (row[axis] / voxel).floor() as i64);
        let place = place_of(&table, &cells, &cell);
        if table[place] == FREE {
            table[place] = cells.len();
            cells.push(cell);
            sums.push([0.0; WIDTH]);
            counts.push(0);
        }
        let node = table[place];
        for (sum, value) in sums[node].iter_mut().zip(row) {
            *sum += value;
        }
        counts[node] += 1;
    }
    let kept = most.min(cells.len());
    let (least, mut equals) = bound(&counts, kept);
    let mut nodes = Vec::with_capacity(kept);
    for (sum, &count) in sums.iter().zip(&counts) {
        if count > least || (count == least && equals > 0) {
            equals -= usize::from(count == least);
            nodes.push(sum.map(|value| value / count as f64));
        }
    }
    nodes
}

fn array<'py>(py: Python<'py>, rows: &[Row]) -> PyResult<Bound<'py, PyArray2<f64>>> {
    numpy::PyArray1::from_slice(py, rows.as_flattened()).reshape([rows.len(), WIDTH])
}

/// `monty_nodes_append(observations)`: a buffer to which all rows were appended one by one.
#[pyfunction]
pub fn monty_nodes_append<'py>(
    py: Python<'py>,
    observations: Read<'py>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let mut buffer: Vec<Row> = Vec::with_capacity(1);
    for row in rows::<WIDTH>(&observations)? {
        buffer.push(*row);
    }
    array(py, &buffer)
}

/// `monty_nodes_averages(observations, voxel, most)`: the averages over voxels.
#[pyfunction]
pub fn monty_nodes_averages<'py>(
    py: Python<'py>,
    observations: Read<'py>,
    voxel: f64,
    most: usize,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    array(py, &averages(rows(&observations)?, voxel, most))
}
