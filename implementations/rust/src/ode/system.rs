//! What a solver is told, and what it counts: the contract between right-hand sides and methods.

use super::ablations::Slowness;

/// A right-hand side y' = f(t, y).
///
/// Callbacks and compiled right-hand sides go through the same methods: only this trait lies between.
pub trait System {
    /// The number of equations where the compiler knows it, else 0.
    const WIDTH: usize = 0;
    /// A slowness put back on purpose.
    const SLOWNESS: Slowness = Slowness::None;
    /// What ends a solve early: an exception of the caller's function.
    type Stop: From<NotFinite>;

    /// Write f(t, y) into `dy`.
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) -> Result<(), Self::Stop>;

    /// Write f(t, y) for each of the states that stand one behind another in `states`.
    fn rhs_columns(&mut self, t: f64, n: usize, states: &[f64], out: &mut [f64]) -> Result<(), Self::Stop> {
        for (y, dy) in states.chunks_exact(n).zip(out.chunks_exact_mut(n)) {
            self.rhs(t, y, dy)?;
        }
        Ok(())
    }

    /// Write the Jacobian, column by column; `false` where it is not known and differences are to be taken.
    fn jacobian(&mut self, _t: f64, _y: &[f64], _columns: &mut [f64]) -> Result<bool, Self::Stop> {
        Ok(false)
    }

    /// Told when a matrix has an exact zero on its diagonal (counted from 1).
    fn singular(&mut self, _pivot: usize) -> Result<(), Self::Stop> {
        Ok(())
    }
}

/// The number of equations where the compiler knows it and there are few, else 0.
///
/// Loops of more are better left loops: unrolled, they would not be vectorised any more.
#[inline(always)]
pub const fn known<S: System>() -> usize {
    if S::WIDTH <= 8 { S::WIDTH } else { 0 }
}

/// A matrix or right side with an infinity or NaN was to be solved: SciPy raises, and so do we.
#[derive(Debug)]
pub struct NotFinite;

/// A problem and its tolerances: all lengths have been checked.
#[derive(Clone)]
pub struct Settings {
    /// Start.
    pub t0: f64,
    /// End; before the start for integration backwards.
    pub t_bound: f64,
    /// State at the start.
    pub y0: Vec<f64>,
    /// Relative tolerance, one per component: no branch is taken for a scalar.
    pub rtol: Vec<f64>,
    /// Absolute tolerance, one per component.
    pub atol: Vec<f64>,
    /// Largest step.
    pub max_step: f64,
    /// First step; `None` to have it chosen.
    pub first_step: Option<f64>,
    /// When Newton's iteration ends (BDF and Radau).
    pub newton_tol: f64,
    /// Ablation: allocate the working arrays anew at every step.
    pub fresh_workspace: bool,
}

impl Settings {
    /// +1 forwards, -1 backwards.
    pub fn direction(&self) -> f64 {
        if self.t_bound < self.t0 { -1.0 } else { 1.0 }
    }
}

/// What was done.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// Right-hand sides as SciPy counts them: without those for finite differences.
    pub nfev: usize,
    /// Jacobians.
    pub njev: usize,
    /// LU decompositions, real and complex.
    pub nlu: usize,
    /// Right-hand sides for finite differences.
    pub differences: usize,
    /// Accepted steps.
    pub steps: usize,
    /// Rejected steps: by the error, or because Newton's iteration did not converge.
    pub rejected: usize,
}

/// A method that takes one step at a time.
pub trait Method<S: System> {
    /// Take a step; `false` when it would have to be smaller than the spacing of numbers.
    fn step(&mut self, system: &mut S) -> Result<bool, S::Stop>;
    /// The time reached.
    fn t(&self) -> f64;
    /// The state reached.
    fn y(&self) -> &[f64];
    /// Write the interpolant of the last step.
    fn segment(&mut self, system: &mut S, out: &mut super::dense::Segment) -> Result<(), S::Stop>;
    /// What has been done so far.
    fn counts(&self) -> Counts;
}
