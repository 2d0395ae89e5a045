//! Known slownesses of the explicit methods, put back on purpose, to see what their absence is worth.

use std::ops::Index;

use super::system::System;

/// What the compiler is told to do worse: it is a constant, so that who asks for nothing pays nothing.
#[derive(Clone, Copy, PartialEq)]
pub enum Slowness {
    /// Nothing.
    None,
    /// Every access to a tolerance asks whether there is one for all components.
    Branches,
    /// The sums over stages are functions that are called, not inlined.
    Calls,
}

/// A tolerance that asks at every access whether it is one number or many.
pub enum Tolerance {
    /// One number for all components.
    Scalar(f64),
    /// One for each.
    Vector(Vec<f64>),
}

impl From<&[f64]> for Tolerance {
    fn from(values: &[f64]) -> Self {
        if values.iter().all(|v| *v == values[0]) {
            Self::Scalar(values[0])
        } else {
            Self::Vector(values.to_vec())
        }
    }
}

impl Index<usize> for Tolerance {
    type Output = f64;

    #[inline]
    fn index(&self, i: usize) -> &f64 {
        match self {
            Self::Scalar(value) => value,
            Self::Vector(values) => &values[i],
        }
    }
}

/// A system that is solved with one of the slownesses: calls, or else branches.
pub struct Ablated<S, const CALLS: bool>(pub S);

impl<S: System, const CALLS: bool> System for Ablated<S, CALLS> {
    const WIDTH: usize = S::WIDTH;
    const SLOWNESS: Slowness = if CALLS { Slowness::Calls } else { Slowness::Branches };
    type Stop = S::Stop;

    #[inline(always)]
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) -> Result<(), S::Stop> {
        self.0.rhs(t, y, dy)
    }
}
