//! An episode: so many epochs of appending, then so many of matching every query against all that is stored.

use super::arrays::Observation;

/// An epoch of evaluation ends after so many steps.
pub const MAX_STEPS: usize = 10_000;

/// What is done, in float32 throughout; `theta` ends an epoch (infinite: never).
pub struct Episode<'a> {
    /// What is appended.
    pub observations: &'a [Observation],
    /// What is matched.
    pub queries: &'a [Observation],
    /// Epochs of appending.
    pub train: usize,
    /// Epochs of matching.
    pub epochs: usize,
    /// Confidence that ends an epoch.
    pub theta: f64,
}

/// Stored observations, laid out and compared in a variant's own way.
pub trait Store {
    /// Queries that are answered together.
    const BATCH: usize = 1;

    /// An empty store with room for so many observations.
    fn with_capacity(points: usize) -> Self;

    /// Append one observation.
    fn push(&mut self, observation: Observation);

    /// The number of stored observations.
    fn len(&self) -> usize;

    /// The mean similarity of all that is stored to the query.
    fn mean(&self, query: &Observation) -> f32;

    /// The same for up to `BATCH` queries.
    #[inline(always)]
    fn means(&self, queries: &[Observation], evidence: &mut [f32]) {
        for (query, one) in queries.iter().zip(evidence) {
            *one = self.mean(query);
        }
    }

    /// The observation as the loader hands it out.
    #[inline(always)]
    fn fetched(observation: &Observation) -> Observation {
        *observation
    }

    /// What happens after a step of matching, beside counting it.
    #[inline(always)]
    fn after(&mut self, _step: usize, _confidence: f32) {}
}

/// Append for `train` epochs: the store is not cleared between them.
#[inline(always)]
fn train<S: Store>(store: &mut S, episode: &Episode<'_>) {
    for _ in 0..episode.train {
        for observation in episode.observations {
            store.push(S::fetched(observation));
        }
    }
}

/// Match for `epochs` epochs; returns the confidence at the end of the last, and the steps of all.
///
/// `evidence` is filled with the last epoch's: NaN where a query was not reached.
#[inline(always)]
pub fn evaluate<S: Store>(store: &mut S, episode: &Episode<'_>, evidence: &mut [f32]) -> (f32, usize) {
    let reach = episode.queries.len().min(MAX_STEPS);
    let (mut confidence, mut steps) = (0.0_f32, 0);
    for _ in 0..episode.epochs {
        confidence = 0.0;
        let mut done = 0;
        'epoch: while done < reach {
            let batch = done..reach.min(done.saturating_add(S::BATCH));
            store.means(&episode.queries[batch.clone()], &mut evidence[batch.clone()]);
            for i in batch {
                confidence = (confidence + evidence[i]) * 0.5;
                done += 1;
                steps += 1;
                store.after(steps, confidence);
                if f64::from(confidence) >= episode.theta {
                    break 'epoch;
                }
            }
        }
        evidence[done..].fill(f32::NAN);
    }
    (confidence, steps)
}

/// Both halves, in a store that is empty.
#[inline(always)]
pub fn fill<S: Store>(store: &mut S, episode: &Episode<'_>, evidence: &mut [f32]) -> (f32, usize) {
    train(store, episode);
    evaluate(store, episode, evidence)
}

/// Both halves, in a store of its own.
#[inline(always)]
pub fn run<S: Store>(episode: &Episode<'_>, evidence: &mut [f32]) -> (f32, usize) {
    let mut store = S::with_capacity(episode.observations.len() * episode.train);
    fill(&mut store, episode, evidence)
}
