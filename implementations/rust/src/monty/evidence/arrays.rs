//! The arrays of a call, as Python groups them in tuples, taken apart.

use super::episode::{Nodes, Observed, Rules, Run};
use crate::views::{Read, Write, wrong_width};
use numpy::{PyReadonlyArray1, PyReadwriteArray2};
use pyo3::prelude::*;

/// `(pos, frame, pose_defined, hsv, curv, starts)`.
#[derive(FromPyObject)]
pub struct NodeArrays<'py>(Read<'py>, Read<'py>, Read<'py>, Read<'py>, Read<'py>, PyReadonlyArray1<'py, i64>);

/// `(candidates, sensed, displacement, first)`.
#[derive(FromPyObject)]
pub struct ObservedArrays<'py>(Read<'py>, Read<'py>, Read<'py>, usize);

/// `(k, radius, past, present, share)`.
#[derive(FromPyObject)]
pub struct RuleNumbers(usize, f64, f64, f64, f64);

/// `(loc, rot, ev, best, arg, history)`.
#[derive(FromPyObject)]
pub struct RunArrays<'py>(
    Write<'py>,
    Write<'py>,
    Write<'py>,
    Write<'py>,
    PyReadwriteArray2<'py, i64>,
    Write<'py>,
);

impl NodeArrays<'_> {
    /// The nodes of all objects.
    pub fn nodes(&self) -> PyResult<Nodes<'_>> {
        Ok(Nodes {
            pos: rows(&self.0)?,
            frame: rows(&self.1)?,
            defined: self.2.as_slice()?,
            hsv: rows(&self.3)?,
            curv: rows(&self.4)?,
            starts: self.5.as_slice()?.iter().map(|&start| start as usize).collect(),
        })
    }
}

impl ObservedArrays<'_> {
    /// The observations of this call.
    pub fn observed(&self) -> PyResult<Observed<'_>> {
        Ok(Observed {
            candidates: rows(&self.0)?,
            sensed: rows(&self.1)?,
            displacement: rows(&self.2)?,
            first: self.3,
        })
    }
}

impl RuleNumbers {
    /// The options of the run.
    pub fn rules(&self) -> Rules {
        Rules { k: self.0, radius: self.1, past: self.2, present: self.3, share: self.4 }
    }
}

impl RunArrays<'_> {
    /// The hypotheses, and the rows of the answer.
    pub fn run(&mut self) -> PyResult<Run<'_>> {
        Ok(Run {
            loc: rows_mut(&mut self.0)?,
            rot: rows_mut(&mut self.1)?,
            ev: self.2.as_slice_mut()?,
            best: self.3.as_slice_mut()?,
            arg: self.4.as_slice_mut()?,
            history: self.5.as_slice_mut()?,
        })
    }
}

/// The values as rows of known width.
pub fn rows<'a, const N: usize>(array: &'a Read<'_>) -> PyResult<&'a [[f64; N]]> {
    match array.as_slice()?.as_chunks() {
        (rows, []) => Ok(rows),
        _ => Err(wrong_width(N)),
    }
}

fn rows_mut<'a, const N: usize>(array: &'a mut Write<'_>) -> PyResult<&'a mut [[f64; N]]> {
    crate::views::rows_mut(array)
}
