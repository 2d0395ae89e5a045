//! The loop over steps: what is kept of a solution, and when it is over.

use std::mem::replace;

use pyo3::prelude::*;

use super::dense::{Form, Segment};
use super::events::Events;
use super::system::{Counts, Method, System};

/// A solution of which every step is kept.
#[derive(Default)]
pub struct Record {
    /// Times.
    pub t: Vec<f64>,
    /// States, one behind another.
    pub y: Vec<f64>,
    /// The ends of the segments, one more than there are segments.
    pub grid: Vec<f64>,
    /// Interpolants, if they were asked for.
    pub segments: Vec<Segment>,
    /// 0: reached the end; 1: an event ended it; -1: the step became too small.
    pub status: i32,
    /// What was done.
    pub counts: Counts,
}

/// Take all steps to `t_bound` and keep every one.
#[inline]
pub fn record_all<S: System, M: Method<S>>(
    system: &mut S,
    mut method: M,
    t_bound: f64,
    direction: f64,
) -> Result<Record, S::Stop> {
    let mut record = Record { t: vec![method.t()], y: method.y().to_vec(), ..Record::default() };
    loop {
        if !method.step(system)? {
            record.status = -1;
            break;
        }
        record.t.push(method.t());
        record.y.extend_from_slice(method.y());
        if direction * (method.t() - t_bound) >= 0.0 {
            break;
        }
    }
    record.counts = method.counts();
    Ok(record)
}

/// What is wanted of a solution.
pub struct Wanted<'a, 'py> {
    /// End of the interval.
    pub t_bound: f64,
    /// +1 forwards, -1 backwards.
    pub direction: f64,
    /// Output times in the direction of integration; `None` for every step.
    pub t_eval: Option<&'a [f64]>,
    /// Whether interpolants are kept.
    pub dense: bool,
    /// Ablation: copy the interpolants instead of moving them.
    pub copied: bool,
    /// Events, and the start as the caller has given it.
    pub events: Option<(&'a mut Events<'py>, &'a Bound<'py, PyAny>)>,
}

/// Take steps until the end, or an event that ends it, and keep what is wanted.
pub fn record<S: System, M: Method<S>>(
    system: &mut S,
    mut method: M,
    mut wanted: Wanted<'_, '_>,
) -> PyResult<Record>
where
    PyErr: From<S::Stop>,
{
    let n = method.y().len();
    let mut record = Record { grid: vec![method.t()], ..Record::default() };
    if wanted.t_eval.is_none() {
        record.t.push(method.t());
        record.y.extend_from_slice(method.y());
    }
    if let Some((events, y0)) = &mut wanted.events {
        events.start(method.t(), y0)?;
    }
    let mut segment = Segment::new(Form::Differences);
    let mut given = 0;
    let mut y = vec![0.0; n];
    loop {
        if !method.step(system)? {
            record.status = -1;
            break;
        }
        let mut t = method.t();
        let mut over = wanted.direction * (t - wanted.t_bound) >= 0.0;
        y.copy_from_slice(method.y());
        let mut known = wanted.dense;
        if known {
            method.segment(system, &mut segment)?;
        }
        if let Some((events, _)) = &mut wanted.events {
            let active = events.occurred(t, &y)?;
            if !active.is_empty() {
                if !known {
                    method.segment(system, &mut segment)?;
                    known = true;
                }
                if let Some(end) = events.handle(&active, &segment)? {
                    record.status = 1;
                    over = true;
                    t = end;
                    segment.evaluate(t, &mut y);
                }
            }
        }
        match wanted.t_eval {
            // The end of the last step, found again by an event: nothing new.
            None if wanted.dense && record.t.len() > 1 && record.t.last() == Some(&t) => break,
            None => {
                record.t.push(t);
                record.y.extend_from_slice(&y);
            }
            Some(times) => {
                let due = times[given..].iter().take_while(|&&at| wanted.direction * (t - at) >= 0.0).count();
                if due > 0 && !known {
                    method.segment(system, &mut segment)?;
                }
                for &at in &times[given..given + due] {
                    segment.evaluate(at, &mut y);
                    record.y.extend_from_slice(&y);
                }
                given += due;
                record.t.extend_from_slice(&times[given - due..given]);
            }
        }
        if wanted.dense {
            record.grid.push(t);
            let room = segment.data.len();
            record.segments.push(match wanted.copied {
                true => segment.clone(),
                false => replace(&mut segment, Segment::with_room(room)),
            });
        }
        if over {
            break;
        }
    }
    record.counts = method.counts();
    Ok(record)
}
