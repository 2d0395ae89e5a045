//! Mode `knn`: evidence from the nearest few within a radius, in float64, ties by distance, then index.

use super::arrays::Observation;
use super::episode::MAX_STEPS;

/// What is asked: matched queries, epochs, the confidence that ends an epoch, neighbours and radius.
pub struct Question<'a> {
    /// What is matched.
    pub queries: &'a [Observation],
    /// Epochs of matching.
    pub epochs: usize,
    /// Confidence that ends an epoch.
    pub theta: f64,
    /// Neighbours at most.
    pub k: usize,
    /// Largest distance of a neighbour.
    pub radius: f64,
}

/// The nearest so far, by (distance, index), never more than `k` nor farther than the radius.
pub struct Nearest {
    found: Vec<(f64, usize)>,
    k: usize,
    radius: f64,
}

impl Nearest {
    /// Room for `k` neighbours.
    pub fn new(k: usize, radius: f64) -> Self {
        Self { found: Vec::with_capacity(k + 1), k, radius }
    }

    /// The distance beyond which nothing can enter any more.
    #[inline(always)]
    pub fn reach(&self) -> f64 {
        if self.found.len() < self.k { self.radius } else { self.found[self.k - 1].0 }
    }

    /// Offer the observation `j` at a distance.
    #[inline(always)]
    pub fn offer(&mut self, distance: f64, j: usize) {
        if distance > self.reach() {
            return;
        }
        let place = self.found.iter().rposition(|&other| other < (distance, j)).map_or(0, |p| p + 1);
        if place < self.k {
            self.found.insert(place, (distance, j));
            self.found.truncate(self.k);
        }
    }

    /// The greatest 1 / (1 + distance + difference of features) of those found; 0 where there is none.
    #[inline(always)]
    pub fn best(&mut self, feature: impl Fn(usize) -> f32, query: &Observation) -> f64 {
        let mut best = 0.0;
        for &(distance, j) in &self.found {
            let similarity = 1.0 / (1.0 + distance + (f64::from(feature(j)) - f64::from(query[3])).abs());
            if similarity > best {
                best = similarity;
            }
        }
        self.found.clear();
        best
    }
}

/// The squared distance of two points in float64.
#[inline(always)]
pub fn squared(a: &Observation, b: &Observation) -> f64 {
    let dx = f64::from(a[0]) - f64::from(b[0]);
    let dy = f64::from(a[1]) - f64::from(b[1]);
    let dz = f64::from(a[2]) - f64::from(b[2]);
    dx * dx + dy * dy + dz * dz
}

/// Match for all epochs: `search(query, nearest)` returns a query's evidence. As `episode::evaluate`.
#[inline(always)]
pub fn evaluate(
    question: &Question<'_>,
    evidence: &mut [f32],
    search: impl Fn(&Observation, &mut Nearest) -> f64,
) -> (f64, usize) {
    let mut nearest = Nearest::new(question.k, question.radius);
    let (mut confidence, mut steps) = (0.0, 0);
    for _ in 0..question.epochs {
        confidence = 0.0;
        let mut done = 0;
        for (query, one) in question.queries.iter().zip(evidence.iter_mut()).take(MAX_STEPS) {
            let similarity = search(query, &mut nearest);
            *one = similarity as f32;
            confidence = (confidence + similarity) * 0.5;
            done += 1;
            if confidence >= question.theta {
                break;
            }
        }
        steps += done;
        evidence[done..].fill(f32::NAN);
    }
    (confidence, steps)
}

/// Every observation, in order: the same text as `numba_jit`.
#[inline(always)]
pub fn scan(rows: &[Observation], query: &Observation, nearest: &mut Nearest) -> f64 {
    for (j, row) in rows.iter().enumerate() {
        let distance = squared(row, query).sqrt();
        if distance <= nearest.reach() {
            nearest.offer(distance, j);
        }
    }
    nearest.best(|j| rows[j][3], query)
}

/// The same, each observation left as soon as one coordinate, or two, are too far off.
#[inline(always)]
pub fn scan_early(rows: &[Observation], query: &Observation, nearest: &mut Nearest) -> f64 {
    let [x, y, z, _] = query.map(f64::from);
    let mut limit = limit(nearest);
    for (j, row) in rows.iter().enumerate() {
        let dx = f64::from(row[0]) - x;
        let mut sum = dx * dx;
        if sum > limit {
            continue;
        }
        let dy = f64::from(row[1]) - y;
        sum += dy * dy;
        if sum > limit {
            continue;
        }
        let dz = f64::from(row[2]) - z;
        nearest.offer((sum + dz * dz).sqrt(), j);
        limit = self::limit(nearest);
    }
    nearest.best(|j| rows[j][3], query)
}

/// A squared distance that nothing within reach exceeds, rounding included.
#[inline(always)]
pub fn limit(nearest: &Nearest) -> f64 {
    nearest.reach() * nearest.reach() * (1.0 + 1e-12)
}
