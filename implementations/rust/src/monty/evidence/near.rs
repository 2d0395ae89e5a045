//! The k nearest nodes found so far.

/// Squared distances and nodes, in the order of both.
pub struct Near {
    /// How many there may be.
    k: usize,
    /// How many there are.
    found: usize,
    distances: Vec<f64>,
    nodes: Vec<usize>,
}

impl Near {
    /// Room for k nodes.
    pub fn new(k: usize) -> Self {
        Self { k, found: 0, distances: vec![0.0; k], nodes: vec![0; k] }
    }

    /// Forget all.
    #[inline(always)]
    pub fn clear(&mut self) {
        self.found = 0;
    }

    /// The nodes, nearest first.
    #[inline(always)]
    pub fn nodes(&self) -> &[usize] {
        &self.nodes[..self.found]
    }

    /// The squared distance up to which a node may still be among the k nearest; `limit` while there are fewer.
    #[inline(always)]
    pub fn bound(&self, limit: f64) -> f64 {
        if self.found < self.k { limit } else { self.distances[self.k - 1] }
    }

    /// Keep node j at squared distance d if it is among the k nearest. Nodes come in rising order.
    #[inline(always)]
    pub fn insert(&mut self, d: f64, j: usize) {
        let (distances, nodes) = (&mut self.distances[..self.k], &mut self.nodes[..self.k]);
        let mut place;
        if self.found < self.k {
            place = self.found;
            self.found += 1;
        } else if d < distances[self.k - 1] {
            place = self.k - 1;
        } else {
            return;
        }
        while place > 0 && distances[place - 1] > d {
            distances[place] = distances[place - 1];
            nodes[place] = nodes[place - 1];
            place -= 1;
        }
        distances[place] = d;
        nodes[place] = j;
    }

    /// Keep node j at squared distance d if it is among the k nearest. Nodes come in any order.
    #[inline(always)]
    pub fn insert_any(&mut self, d: f64, j: usize) {
        let (distances, nodes) = (&mut self.distances[..self.k], &mut self.nodes[..self.k]);
        let mut place;
        if self.found < self.k {
            place = self.found;
            self.found += 1;
        } else if (d, j) < (distances[self.k - 1], nodes[self.k - 1]) {
            place = self.k - 1;
        } else {
            return;
        }
        while place > 0 && (d, j) < (distances[place - 1], nodes[place - 1]) {
            distances[place] = distances[place - 1];
            nodes[place] = nodes[place - 1];
            place -= 1;
        }
        distances[place] = d;
        nodes[place] = j;
    }
}
