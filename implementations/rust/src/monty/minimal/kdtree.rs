//! Observations in a balanced tree, split at the median of the widest axis.

use super::arrays::Observation;
use super::nearest::{Nearest, squared};

/// Observations that a leaf holds at most.
const LEAF: usize = 8;
/// The slack of a comparison that decides what need not be looked at.
const SLACK: f64 = 1.0 + 1e-12;

enum Node {
    Leaf { first: u32, last: u32 },
    Split { axis: u32, at: f32, right: u32 },
}

/// Nodes in the order of a walk that goes left first; observations in the order of the leaves.
pub struct KdTree {
    nodes: Vec<Node>,
    rows: Vec<Observation>,
    indices: Vec<u32>,
}

impl KdTree {
    /// Sort the observations into a tree.
    pub fn new(observations: &[Observation]) -> Self {
        let mut indices: Vec<u32> = (0..observations.len() as u32).collect();
        let mut nodes = Vec::with_capacity(2 * observations.len() / LEAF + 1);
        grow(&mut nodes, observations, &mut indices, 0);
        let rows = indices.iter().map(|&j| observations[j as usize]).collect();
        Self { nodes, rows, indices }
    }

    /// Bytes of the tree and of the observations that it holds.
    pub fn nbytes(&self) -> usize {
        size_of::<Node>() * self.nodes.len() + 16 * self.rows.len() + 4 * self.indices.len()
    }

    /// The evidence of a query.
    pub fn search(&self, query: &Observation, nearest: &mut Nearest) -> f64 {
        self.walk(0, query, nearest);
        nearest.best(|key| self.rows[key & 0xFFFF_FFFF][3], query)
    }

    fn walk(&self, node: usize, query: &Observation, nearest: &mut Nearest) {
        match self.nodes[node] {
            Node::Leaf { first, last } => {
                for place in first as usize..last as usize {
                    // The index orders ties; the place beneath it finds the feature again.
                    let key = (self.indices[place] as usize) << 32 | place;
                    nearest.offer(squared(&self.rows[place], query).sqrt(), key);
                }
            }
            Node::Split { axis, at, right } => {
                let off = f64::from(query[axis as usize]) - f64::from(at);
                let (near, far) =
                    if off < 0.0 { (node + 1, right as usize) } else { (right as usize, node + 1) };
                self.walk(near, query, nearest);
                if off.abs() <= nearest.reach() * SLACK {
                    self.walk(far, query, nearest);
                }
            }
        }
    }
}

/// Append the node of these indices, which lie from `first` on, and all beneath it.
fn grow(nodes: &mut Vec<Node>, observations: &[Observation], indices: &mut [u32], first: usize) {
    if indices.len() <= LEAF {
        nodes.push(Node::Leaf { first: first as u32, last: (first + indices.len()) as u32 });
        return;
    }
    let axis = widest(observations, indices);
    let value = |j: u32| observations[j as usize][axis];
    let middle = indices.len() / 2;
    indices.select_nth_unstable_by(middle, |&a, &b| value(a).total_cmp(&value(b)));
    let at = value(indices[middle]);
    let place = nodes.len();
    nodes.push(Node::Split { axis: axis as u32, at, right: 0 });
    let (left, right) = indices.split_at_mut(middle);
    grow(nodes, observations, left, first);
    let next = nodes.len() as u32;
    nodes[place] = Node::Split { axis: axis as u32, at, right: next };
    grow(nodes, observations, right, first + middle);
}

/// The axis along which these observations spread farthest.
fn widest(observations: &[Observation], indices: &[u32]) -> usize {
    let spread = |axis: usize| {
        let values = indices.iter().map(|&j| observations[j as usize][axis]);
        let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    (0..3).max_by(|&a, &b| spread(a).total_cmp(&spread(b))).unwrap_or(0)
}
