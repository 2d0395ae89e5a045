//! Newton's iteration for the state at the end of a step.

use super::super::linear::{Linear, all_finite};
use super::super::system::System;
use super::{Bdf, scaled_norm};

/// Iterations at most.
pub const ITERATIONS: usize = 4;

/// How Newton's iteration ended.
pub struct Newton {
    /// Whether it converged.
    pub converged: bool,
    /// Iterations made.
    pub iterations: usize,
}

impl<L> Bdf<L> {
    fn newton<S: System>(&mut self, system: &mut S, t_new: f64, c: f64) -> Result<Newton, S::Stop>
    where
        L: Linear<S>,
    {
        let n = self.width::<S>();
        let tolerance = self.settings.newton_tol;
        let (psi, scale, ratio) = (&self.psi[..n], &self.scale[..n], &mut self.ratio[..n]);
        let (y_new, dy) = (&mut self.y_new[..n], &mut self.dy[..n]);
        let correction = &mut self.correction[..n];
        correction.fill(0.0);
        y_new.copy_from_slice(&self.y_predict[..n]);
        let mut norm_old = None;
        for k in 0..ITERATIONS {
            let iterations = k + 1;
            self.counts.nfev += 1;
            system.rhs(t_new, y_new, dy)?;
            if all_finite(dy).is_err() {
                return Ok(Newton { converged: false, iterations });
            }
            for i in 0..n {
                dy[i] = c * dy[i] - psi[i] - correction[i];
            }
            self.linear.solve(system, dy)?;
            let norm = scaled_norm(1.0, dy, scale, ratio);
            let rate = norm_old.map(|old: f64| norm / old);
            let left = (ITERATIONS - k) as i32;
            if rate.is_some_and(|r| r >= 1.0 || r.powi(left) / (1.0 - r) * norm > tolerance) {
                return Ok(Newton { converged: false, iterations });
            }
            for i in 0..n {
                y_new[i] += dy[i];
                correction[i] += dy[i];
            }
            if norm == 0.0 || rate.is_some_and(|r| r / (1.0 - r) * norm < tolerance) {
                return Ok(Newton { converged: true, iterations });
            }
            norm_old = Some(norm);
        }
        Ok(Newton { converged: false, iterations: ITERATIONS })
    }

    /// Solve for the new state: with the Jacobian at hand, then with a fresh one.
    pub fn correct<S: System>(
        &mut self,
        system: &mut S,
        t_new: f64,
        c: f64,
        current: &mut bool,
    ) -> Result<Newton, S::Stop>
    where
        L: Linear<S>,
    {
        loop {
            if !self.factored {
                self.counts.nlu += 1;
                self.linear.factor(system, 1.0, c)?;
                self.factored = true;
            }
            let newton = self.newton(system, t_new, c)?;
            if newton.converged || *current {
                return Ok(newton);
            }
            self.linear.evaluate(system, t_new, &self.y_predict, None, &mut self.counts)?;
            self.factored = false;
            *current = true;
        }
    }
}
