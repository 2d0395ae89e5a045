//! Newton's iteration for the three stages of a step, in variables in which the linear system falls apart in two.

use numpy::Complex64;

use super::super::linear::{Linear, all_finite};
use super::super::stepping::sum_of_squares;
use super::super::system::System;
use super::super::tableaus::*;
use super::{Radau, three};

/// Iterations at most.
pub const ITERATIONS: usize = 6;
const MU_COMPLEX: Complex64 = Complex64::new(RADAU_MU_COMPLEX[0], RADAU_MU_COMPLEX[1]);

/// How Newton's iteration ended.
#[derive(Clone, Copy)]
pub struct Newton {
    /// Whether it converged.
    pub converged: bool,
    /// Iterations made.
    pub iterations: usize,
    /// The rate of convergence, where there were two iterations.
    pub rate: Option<f64>,
}

impl<L> Radau<L> {
    fn newton<S: System>(&mut self, system: &mut S, h: f64) -> Result<Newton, S::Stop>
    where
        L: Linear<S>,
    {
        transform(&RADAU_TI, &self.z, &mut self.w);
        let (m_real, m_complex) = (RADAU_MU_REAL / h, MU_COMPLEX / h);
        let mut rate = None;
        let mut norm_old = None;
        for k in 0..ITERATIONS {
            let ended = |converged| Newton { converged, iterations: k + 1, rate };
            if !self.stage_values(system, h)? {
                return Ok(ended(false));
            }
            self.correction(system, m_real, m_complex)?;
            let norm = self.norm_of_correction();
            if let Some(old) = norm_old {
                rate = Some(norm / old);
            }
            let ended = |converged| Newton { converged, iterations: k + 1, rate };
            let tolerance = self.settings.newton_tol;
            let left = (ITERATIONS - k) as i32;
            if rate.is_some_and(|r: f64| r >= 1.0 || r.powi(left) / (1.0 - r) * norm > tolerance) {
                return Ok(ended(false));
            }
            for (w, dw) in self.w.iter_mut().zip(&self.dw) {
                *w += dw;
            }
            transform(&RADAU_T, &self.w, &mut self.z);
            if norm == 0.0 || rate.is_some_and(|r| r / (1.0 - r) * norm < tolerance) {
                return Ok(ended(true));
            }
            norm_old = Some(norm);
        }
        Ok(Newton { converged: false, iterations: ITERATIONS, rate })
    }

    /// Evaluate the right-hand side at the three stages; `false` if it is not finite everywhere.
    fn stage_values<S: System>(&mut self, system: &mut S, h: f64) -> Result<bool, S::Stop> {
        let n = self.y.len();
        for i in 0..3 {
            for (v, (y, z)) in self.spare.iter_mut().zip(self.y.iter().zip(&self.z[i * n..])) {
                *v = y + z;
            }
            self.counts.nfev += 1;
            system.rhs(self.t + h * RADAU_C[i], &self.spare, &mut self.stages[i * n..][..n])?;
        }
        Ok(all_finite(&self.stages).is_ok())
    }

    /// Solve both linear systems for the change of W.
    fn correction<S: System>(
        &mut self,
        system: &mut S,
        m_real: f64,
        m_complex: Complex64,
    ) -> Result<(), S::Stop>
    where
        L: Linear<S>,
    {
        let n = self.y.len();
        let [t0, t1, t2] = RADAU_TI;
        let ([a, b, c], [w0, w1, w2]) = (three(&self.stages, n), three(&self.w, n));
        let (real, complex) = (&mut self.real[..n], &mut self.complex[..n]);
        for i in 0..n {
            let dot = |row: [f64; 3]| a[i] * row[0] + b[i] * row[1] + c[i] * row[2];
            real[i] = dot(t0) - m_real * w0[i];
            complex[i] = Complex64::new(dot(t1), dot(t2)) - m_complex * Complex64::new(w1[i], w2[i]);
        }
        self.linear.solve(system, &mut self.real)?;
        self.linear.solve_complex(system, &mut self.complex)?;
        let (first, rest) = self.dw.split_at_mut(n);
        let (re, im) = rest.split_at_mut(n);
        first.copy_from_slice(&self.real);
        for ((re, im), v) in re.iter_mut().zip(im).zip(&self.complex) {
            (*re, *im) = (v.re, v.im);
        }
        Ok(())
    }

    fn norm_of_correction(&mut self) -> f64 {
        let mut sum = 0.0;
        for row in self.dw.chunks_exact(self.y.len()) {
            for ((v, dw), s) in self.spare.iter_mut().zip(row).zip(&self.scale) {
                *v = dw / s;
            }
            sum += sum_of_squares(&self.spare);
        }
        sum.sqrt() / (self.dw.len() as f64).sqrt()
    }

    /// Solve for the stages: with the Jacobian at hand, then with a fresh one.
    pub fn collocate<S: System>(&mut self, system: &mut S, h: f64) -> Result<Newton, S::Stop>
    where
        L: Linear<S>,
    {
        loop {
            if !self.factored {
                self.counts.nlu += 2;
                self.linear.factor(system, RADAU_MU_REAL / h, 1.0)?;
                self.linear.factor_complex(system, MU_COMPLEX / h)?;
                self.factored = true;
            }
            let newton = self.newton(system, h)?;
            if newton.converged || self.current {
                return Ok(newton);
            }
            self.linear.evaluate(system, self.t, &self.y, Some(&self.f), &mut self.counts)?;
            self.current = true;
            self.factored = false;
            self.guess(h);
        }
    }
}

/// out = M z, for three rows.
fn transform(m: &[[f64; 3]; 3], z: &[f64], out: &mut [f64]) {
    let n = z.len() / 3;
    let [a, b, c] = three(z, n);
    for (row, out) in m.iter().zip(out.chunks_exact_mut(n)) {
        for i in 0..n {
            out[i] = row[0] * a[i] + row[1] * b[i] + row[2] * c[i];
        }
    }
}
