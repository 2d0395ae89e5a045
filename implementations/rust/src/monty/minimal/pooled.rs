//! Queries of an epoch shared out among a pool of threads; each thread as `Columns`.

use super::arrays::Observation;
use super::columns::Columns;
use super::episode::Store;
use crate::crew;
use rayon::prelude::*;

/// Comparisons that are worth a task of their own: 10 us or so.
const COMPARISONS: usize = 1 << 15;

/// Columns that are compared by all threads of the pool.
pub struct Pooled(Columns);

impl Store for Pooled {
    const BATCH: usize = usize::MAX;

    fn with_capacity(points: usize) -> Self {
        Self(Columns::with_capacity(points))
    }

    #[inline(always)]
    fn push(&mut self, observation: Observation) {
        self.0.push(observation);
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn mean(&self, query: &Observation) -> f32 {
        self.0.mean(query)
    }

    fn means(&self, queries: &[Observation], evidence: &mut [f32]) {
        let share = (COMPARISONS / self.len()).max(1);
        if share >= queries.len() || crew::size() == 1 {
            return share_of(&self.0, queries, evidence);
        }
        let tasks = evidence.par_chunks_mut(share).zip(queries.par_chunks(share));
        tasks.for_each(|(evidence, queries)| share_of(&self.0, queries, evidence));
    }
}

/// A thread's share, out of line: the loop is the same vectors, wherever it is called from.
#[inline(never)]
fn share_of(columns: &Columns, queries: &[Observation], evidence: &mut [f32]) {
    columns.means(queries, evidence);
}
