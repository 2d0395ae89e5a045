//! An episode: observations taken in one after the other, by whichever search.

use super::near::Near;
use super::parts::{Felt, Observation, Vector, features, judge, larger, rotation, shift, smaller};

/// The nodes of all objects side by side; object o's are `starts[o]` to `starts[o + 1]`.
pub struct Nodes<'a> {
    /// Positions.
    pub pos: &'a [Vector],
    /// Frames, rows n, d1, d2.
    pub frame: &'a [[f64; 9]],
    /// Whether the pose is defined.
    pub defined: &'a [f64],
    /// Hue, saturation, value.
    pub hsv: &'a [Vector],
    /// Log curvatures.
    pub curv: &'a [[f64; 2]],
    /// Where objects start.
    pub starts: Vec<usize>,
}

/// The observations of a call.
pub struct Observed<'a> {
    /// The frames that the first observation may stand for.
    pub candidates: &'a [[f64; 9]],
    /// What was sensed.
    pub sensed: &'a [Observation],
    /// How the sensor moved.
    pub displacement: &'a [Vector],
    /// The number of the first of them in the episode.
    pub first: usize,
}

/// The options of a run; `share` is negative where all hypotheses are tested.
pub struct Rules {
    /// Nodes that are compared.
    pub k: usize,
    /// The range of a node.
    pub radius: f64,
    /// Weight of the evidence so far.
    pub past: f64,
    /// Weight of the new evidence.
    pub present: f64,
    /// How far below the best a tested hypothesis may lie.
    pub share: f64,
}

/// The hypotheses, and the rows of the answer.
pub struct Run<'a> {
    /// Locations.
    pub loc: &'a mut [Vector],
    /// Rotations from sensor to model.
    pub rot: &'a mut [[f64; 9]],
    /// Evidence.
    pub ev: &'a mut [f64],
    /// The best evidence of every object after every observation.
    pub best: &'a mut [f64],
    /// The first hypothesis of the object that has it.
    pub arg: &'a mut [i64],
    /// The evidence after every observation, or nothing.
    pub history: &'a mut [f64],
}

/// An observation, and what follows from it for all objects.
pub struct Sight<'a> {
    /// What was sensed.
    pub seen: &'a Observation,
    /// How the sensor moved.
    pub v: &'a Vector,
    /// The evidence from which on a hypothesis is tested.
    pub threshold: f64,
    /// The larger absolute value of the two log curvatures.
    pub kappa: f64,
    /// The feature evidence of all nodes.
    pub phi: &'a [f64],
}

/// The hypotheses of one object.
pub struct Own<'a> {
    /// Which object.
    pub object: usize,
    /// Locations.
    pub loc: &'a mut [Vector],
    /// Rotations.
    pub rot: &'a [[f64; 9]],
    /// Evidence.
    pub ev: &'a mut [f64],
}

/// How an object's hypotheses take an observation in.
pub trait Update {
    /// Move the hypotheses and add the new evidence to the old.
    fn update(&mut self, nodes: &Nodes<'_>, rules: &Rules, sight: &Sight<'_>, own: Own<'_>);
}

/// How the nodes nearest to a location are found.
pub trait Search {
    /// Fill `near` (cleared) with the nearest nodes of an object.
    fn nearest(&self, nodes: &Nodes<'_>, object: usize, at: &Vector, near: &mut Near);
}

/// Take all observations in.
pub fn episode(
    nodes: &Nodes<'_>,
    observed: &Observed<'_>,
    rules: &Rules,
    run: &mut Run<'_>,
    update: &mut impl Update,
) {
    let frames = observed.candidates.len();
    let objects = nodes.starts.len() - 1;
    let mut phi = vec![0.0; nodes.pos.len()];
    for (t, (seen, v)) in observed.sensed.iter().zip(observed.displacement).enumerate() {
        features(seen, nodes.hsv, nodes.curv, &mut phi);
        if observed.first + t == 0 {
            start(nodes, observed.candidates, &phi, run);
        } else {
            let threshold = bound(run.ev, rules.share);
            let kappa = larger(seen[13].abs(), seen[14].abs());
            let sight = Sight { seen, v, threshold, kappa, phi: &phi };
            for object in 0..objects {
                let own = frames * nodes.starts[object]..frames * nodes.starts[object + 1];
                let (loc, rot) = (&mut run.loc[own.clone()], &run.rot[own.clone()]);
                update.update(nodes, rules, &sight, Own { object, loc, rot, ev: &mut run.ev[own] });
            }
        }
        summarise(nodes, frames, run.ev, &mut run.best[t * objects..], &mut run.arg[t * objects..]);
        if !run.history.is_empty() {
            run.history[t * run.ev.len()..][..run.ev.len()].copy_from_slice(run.ev);
        }
    }
}

/// Start the hypotheses of all objects: every candidate frame at every node.
fn start(nodes: &Nodes<'_>, candidates: &[[f64; 9]], phi: &[f64], run: &mut Run<'_>) {
    let mut h = 0;
    for span in nodes.starts.windows(2) {
        let own = span[0]..span[1];
        for candidate in candidates {
            for ((pos, frame), &phi) in
                nodes.pos[own.clone()].iter().zip(&nodes.frame[own.clone()]).zip(&phi[own.clone()])
            {
                run.loc[h] = *pos;
                run.rot[h] = rotation(frame, candidate);
                run.ev[h] = phi;
                h += 1;
            }
        }
    }
}

/// The evidence from which on a hypothesis is tested.
fn bound(ev: &[f64], share: f64) -> f64 {
    if share < 0.0 {
        return f64::NEG_INFINITY;
    }
    let highest = ev.iter().copied().fold(f64::NEG_INFINITY, larger);
    highest - share * highest
}

/// Fill the best evidence of every object and the first hypothesis that has it.
fn summarise(nodes: &Nodes<'_>, frames: usize, ev: &[f64], best: &mut [f64], arg: &mut [i64]) {
    for ((span, best), arg) in nodes.starts.windows(2).zip(best).zip(arg) {
        let own = &ev[frames * span[0]..frames * span[1]];
        let mut place = 0;
        for (h, &value) in own.iter().enumerate() {
            if value > own[place] {
                place = h;
            }
        }
        *best = own[place];
        *arg = place as i64;
    }
}

/// The evidence of an observation for a hypothesis: the best of its nearest nodes.
#[inline(always)]
pub fn weigh(
    nodes: &Nodes<'_>,
    radius: f64,
    sight: &Sight<'_>,
    at: &Vector,
    rot: &[f64; 9],
    near: &[usize],
) -> f64 {
    let felt = Felt::new(rot, sight.seen);
    let mut best = -1.0;
    for &j in near {
        let p = &nodes.pos[j];
        let delta = [p[0] - at[0], p[1] - at[1], p[2] - at[2]];
        let both = sight.seen[9] != 0.0 && nodes.defined[j] != 0.0;
        best = larger(best, judge(delta, &felt, &nodes.frame[j], both, sight.phi[j], sight.kappa, radius));
    }
    best
}

/// Stands for the new evidence of a hypothesis that is not tested: below every evidence.
pub const UNTESTED: f64 = -2.0;

/// Add the new evidence of an object's hypotheses to the old; `least` is that of the tested ones.
pub fn settle(ev: &mut [f64], new: &[f64], least: f64, rules: &Rules) {
    if least == f64::INFINITY {
        return;
    }
    let untested = larger(0.0, least);
    for (ev, &new) in ev.iter_mut().zip(new) {
        let value = if new == UNTESTED { untested } else { new };
        *ev = rules.past * *ev + rules.present * value;
    }
}

/// The plain way: for every hypothesis search, then weigh what was found.
pub struct Plain<S> {
    search: S,
    near: Near,
    new: Vec<f64>,
}

impl<S: Search> Plain<S> {
    /// Search in this way for the k nearest nodes.
    pub fn new(search: S, k: usize) -> Self {
        Self { search, near: Near::new(k), new: Vec::new() }
    }
}

impl<S: Search> Update for Plain<S> {
    fn update(&mut self, nodes: &Nodes<'_>, rules: &Rules, sight: &Sight<'_>, own: Own<'_>) {
        let Own { object, loc, rot, ev } = own;
        self.new.clear();
        self.new.resize(ev.len(), UNTESTED);
        let mut least = f64::INFINITY;
        for (((at, rot), &ev), new) in loc.iter_mut().zip(rot).zip(ev.iter()).zip(&mut self.new) {
            shift(at, rot, sight.v);
            if ev >= sight.threshold {
                self.near.clear();
                self.search.nearest(nodes, object, at, &mut self.near);
                *new = weigh(nodes, rules.radius, sight, at, rot, self.near.nodes());
                least = smaller(least, *new);
            }
        }
        settle(ev, &self.new, least, rules);
    }
}
