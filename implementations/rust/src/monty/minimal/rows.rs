//! The seed's loop: a vector of observations, scalar float32, one sequential sum. The same text as `numba_jit`.
//!
//! Beside it three ways of appending and reading that the seed named as slow: growth without a capacity,
//! a copy of every observation that is fetched, a line printed every tenth step.

use super::arrays::Observation;
use super::episode::Store;
use std::fs::File;
use std::io::Write;

/// Observations one after the other.
pub struct Rows(Vec<Observation>);

impl Rows {
    /// All that is stored.
    pub fn all(&self) -> &[Observation] {
        &self.0
    }
}

/// The mean over rows of 1 / (1 + distance + difference of features), summed in order.
#[inline(always)]
pub fn mean(rows: &[Observation], query: &Observation) -> f32 {
    let [x, y, z, f] = *query;
    let mut total = 0.0_f32;
    for row in rows {
        let (dx, dy, dz) = (row[0] - x, row[1] - y, row[2] - z);
        let distance = (dx * dx + dy * dy + dz * dz).sqrt();
        total += 1.0 / (1.0 + distance + (row[3] - f).abs());
    }
    total / rows.len() as f32
}

impl Store for Rows {
    fn with_capacity(points: usize) -> Self {
        Self(Vec::with_capacity(points))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        mean(&self.0, query)
    }
}

/// The same, its vector growing as it is filled.
pub struct Growing(Rows);

impl Store for Growing {
    fn with_capacity(_points: usize) -> Self {
        Self(Rows(Vec::new()))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        self.0.mean(query)
    }
}

/// The same, each observation copied when it is fetched: the copy is made, the compiler cannot leave it out.
pub struct Cloned(Rows);

impl Store for Cloned {
    fn with_capacity(points: usize) -> Self {
        Self(Rows::with_capacity(points))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        self.0.mean(&std::hint::black_box(*query))
    }

    #[inline(always)]
    fn fetched(observation: &Observation) -> Observation {
        std::hint::black_box(*observation)
    }
}

/// The same with a line for every tenth step, written at once as a terminal's standard output is.
pub struct Verbose {
    rows: Rows,
    /// Where lines go, if anywhere.
    pub log: Option<File>,
    /// What went wrong with writing, first.
    pub failed: Option<std::io::Error>,
}

impl Store for Verbose {
    fn with_capacity(points: usize) -> Self {
        Self { rows: Rows::with_capacity(points), log: None, failed: None }
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.rows.push(observation);
    }

    fn len(&self) -> usize {
        self.rows.len()
    }

    #[inline(always)]
    fn mean(&self, query: &Observation) -> f32 {
        self.rows.mean(query)
    }

    fn after(&mut self, step: usize, confidence: f32) {
        if let Some(log) = &mut self.log
            && step.is_multiple_of(10)
        {
            let line = format!("Step {step}: confidence = {confidence:.4}\n");
            if let Err(error) = log.write_all(line.as_bytes()) {
                self.failed.get_or_insert(error);
            }
        }
    }
}
