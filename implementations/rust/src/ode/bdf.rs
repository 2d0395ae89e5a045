//! Backward differentiation of variable order, 1 to 5, in steps that stay equal for a while.
//!
//! Shampine and Reichelt (1997), "The MATLAB ODE Suite" (the NDF variant), as SciPy has it.

use std::mem::swap;

use super::dense::{Form, Segment};
use super::linear::Linear;
use super::stepping::{end_of_step, first_step, least, min_step, most, rms};
use super::system::{Counts, Method, Settings, System};
use super::tableaus::{BDF_ALPHA, BDF_ERROR, BDF_GAMMA};

const MAX_ORDER: usize = 5;
const ITERATIONS: usize = 4;
type Square = [[f64; MAX_ORDER + 1]; MAX_ORDER + 1];

/// The state between steps.
pub struct Bdf<L> {
    linear: L,
    settings: Settings,
    direction: f64,
    t_old: f64,
    t: f64,
    h_abs: f64,
    order: usize,
    equal_steps: usize,
    factored: bool,
    y: Vec<f64>,
    /// Backward differences, row by row.
    d: Vec<f64>,
    changed: Vec<f64>,
    y_predict: Vec<f64>,
    y_new: Vec<f64>,
    psi: Vec<f64>,
    correction: Vec<f64>,
    dy: Vec<f64>,
    scale: Vec<f64>,
    ratio: Vec<f64>,
    counts: Counts,
}

/// How Newton's iteration ended.
struct Newton {
    converged: bool,
    iterations: usize,
}

impl<L> Bdf<L> {
    /// Evaluate the start and the Jacobian there, and choose the first step.
    pub fn new<S: System>(system: &mut S, settings: Settings, mut linear: L) -> Result<Self, S::Stop>
    where
        L: Linear<S>,
    {
        let n = settings.y0.len();
        let mut counts = Counts { nfev: 1, ..Counts::default() };
        let mut f0 = vec![0.0; n];
        system.rhs(settings.t0, &settings.y0, &mut f0)?;
        let h_abs = first_step(system, &settings, &f0, 1.0, &mut counts)?;
        if !linear.constant() {
            linear.evaluate(system, settings.t0, &settings.y0, None, &mut counts)?;
        }
        let direction = settings.direction();
        let mut d = vec![0.0; (MAX_ORDER + 3) * n];
        d[..n].copy_from_slice(&settings.y0);
        for (d, f) in d[n..].iter_mut().zip(&f0) {
            *d = f * h_abs * direction;
        }
        let zeros = || vec![0.0; n];
        Ok(Self {
            linear,
            direction,
            t_old: settings.t0,
            t: settings.t0,
            h_abs,
            order: 1,
            equal_steps: 0,
            factored: false,
            y: settings.y0.clone(),
            d,
            changed: vec![0.0; (MAX_ORDER + 1) * n],
            y_predict: zeros(),
            y_new: zeros(),
            psi: zeros(),
            correction: zeros(),
            dy: zeros(),
            scale: zeros(),
            ratio: zeros(),
            counts,
            settings,
        })
    }

    /// Rewrite the differences for a step that is `factor` times as long.
    fn change_step(&mut self, factor: f64) {
        let (order, n) = (self.order, self.y.len());
        let weights = product(&differences_matrix(order, factor), &differences_matrix(order, 1.0), order);
        for j in 0..=order {
            let row = &mut self.changed[j * n..][..n];
            row.fill(0.0);
            for (i, weights) in weights.iter().enumerate().take(order + 1) {
                for (v, d) in row.iter_mut().zip(&self.d[i * n..][..n]) {
                    *v += weights[j] * d;
                }
            }
        }
        let used = (order + 1) * n;
        self.d[..used].copy_from_slice(&self.changed[..used]);
        self.equal_steps = 0;
    }

    /// Predict the state from the differences, and what the formula takes from the past.
    fn predict(&mut self) {
        let (order, n) = (self.order, self.y.len());
        self.y_predict.copy_from_slice(&self.d[..n]);
        self.psi.fill(0.0);
        for k in 1..=order {
            let row = &self.d[k * n..][..n];
            for i in 0..n {
                self.y_predict[i] += row[i];
                self.psi[i] += row[i] * BDF_GAMMA[k];
            }
        }
        for i in 0..n {
            self.psi[i] /= BDF_ALPHA[order];
            self.scale[i] = self.settings.atol[i] + self.settings.rtol[i] * self.y_predict[i].abs();
        }
    }

    fn newton<S: System>(&mut self, system: &mut S, t_new: f64, c: f64) -> Result<Newton, S::Stop>
    where
        L: Linear<S>,
    {
        let n = self.y.len();
        self.correction.fill(0.0);
        self.y_new.copy_from_slice(&self.y_predict);
        let mut norm_old = None;
        for k in 0..ITERATIONS {
            let iterations = k + 1;
            self.counts.nfev += 1;
            system.rhs(t_new, &self.y_new, &mut self.dy)?;
            if !self.dy.iter().all(|f| f.is_finite()) {
                return Ok(Newton { converged: false, iterations });
            }
            for i in 0..n {
                self.dy[i] = c * self.dy[i] - self.psi[i] - self.correction[i];
            }
            self.linear.solve(system, &mut self.dy)?;
            let norm = self.norm_of(1.0, |s| &s.dy);
            let rate = norm_old.map(|old: f64| norm / old);
            let left = (ITERATIONS - k) as i32;
            if rate.is_some_and(|r| r >= 1.0 || r.powi(left) / (1.0 - r) * norm > self.settings.newton_tol) {
                return Ok(Newton { converged: false, iterations });
            }
            for i in 0..n {
                self.y_new[i] += self.dy[i];
                self.correction[i] += self.dy[i];
            }
            if norm == 0.0 || rate.is_some_and(|r| r / (1.0 - r) * norm < self.settings.newton_tol) {
                return Ok(Newton { converged: true, iterations });
            }
            norm_old = Some(norm);
        }
        Ok(Newton { converged: false, iterations: ITERATIONS })
    }

    /// The norm of `factor` times a vector, by the present scale.
    #[inline]
    fn norm_of(&mut self, factor: f64, vector: impl Fn(&Self) -> &[f64]) -> f64 {
        let mut ratio = std::mem::take(&mut self.ratio);
        for ((r, v), s) in ratio.iter_mut().zip(vector(self)).zip(&self.scale) {
            *r = factor * v / s;
        }
        let norm = rms(&ratio);
        self.ratio = ratio;
        norm
    }

    /// Solve for the new state: with the Jacobian at hand, then with a fresh one.
    fn correct<S: System>(
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

    /// Choose order and step after enough equal steps.
    fn choose_order(&mut self, error: f64, safety: f64) {
        let (order, n) = (self.order, self.y.len());
        let lower = match order {
            1 => f64::INFINITY,
            _ => self.norm_of(BDF_ERROR[order - 1], |s| &s.d[order * n..][..n]),
        };
        let higher = match order {
            MAX_ORDER => f64::INFINITY,
            _ => self.norm_of(BDF_ERROR[order + 1], |s| &s.d[(order + 2) * n..][..n]),
        };
        let errors = [lower, error, higher];
        let factors: [f64; 3] = std::array::from_fn(|i| errors[i].powf(-1.0 / (order + i) as f64));
        let mut best = 0;
        for i in 1..3 {
            if factors[i] > factors[best] {
                best = i;
            }
        }
        self.order = order + best - 1;
        let factor = least(10.0, safety * factors[best]);
        self.h_abs *= factor;
        self.change_step(factor);
        self.factored = false;
    }

    /// Take the new state into the differences.
    fn advance(&mut self) {
        let (order, n) = (self.order, self.y.len());
        for i in 0..n {
            self.d[(order + 2) * n + i] = self.correction[i] - self.d[(order + 1) * n + i];
            self.d[(order + 1) * n + i] = self.correction[i];
        }
        for k in (0..=order).rev() {
            let (row, next) = self.d[k * n..].split_at_mut(n);
            for (v, above) in row.iter_mut().zip(&*next) {
                *v += above;
            }
        }
    }
}

/// The matrix that leads from differences to values of the past, for a step `factor` times as long.
fn differences_matrix(order: usize, factor: f64) -> Square {
    let mut matrix = [[0.0; MAX_ORDER + 1]; MAX_ORDER + 1];
    matrix[0] = [1.0; MAX_ORDER + 1];
    for i in 1..=order {
        for j in 1..=order {
            matrix[i][j] = matrix[i - 1][j] * ((i as f64 - 1.0 - factor * j as f64) / i as f64);
        }
    }
    matrix
}

fn product(a: &Square, b: &Square, order: usize) -> Square {
    let mut result = [[0.0; MAX_ORDER + 1]; MAX_ORDER + 1];
    for i in 0..=order {
        for k in 0..=order {
            for j in 0..=order {
                result[i][j] += a[i][k] * b[k][j];
            }
        }
    }
    result
}

impl<S: System, L: Linear<S>> Method<S> for Bdf<L> {
    fn step(&mut self, system: &mut S) -> Result<bool, S::Stop> {
        let n = self.y.len();
        let smallest = min_step(self.t, self.direction);
        let mut h_abs = self.h_abs;
        if h_abs > self.settings.max_step {
            h_abs = self.settings.max_step;
            self.change_step(h_abs / self.h_abs);
        } else if h_abs < smallest {
            h_abs = smallest;
            self.change_step(h_abs / self.h_abs);
        }
        let order = self.order;
        let mut current = self.linear.constant();
        let (t_new, error, safety) = loop {
            // A step that is not a number spoils the matrix, and that is an error, unless the matrix is kept.
            if h_abs < smallest || (h_abs.is_nan() && self.factored) {
                return Ok(false);
            }
            let wanted = self.t + h_abs * self.direction;
            let (t_new, h) = end_of_step(self.t, h_abs, self.direction, self.settings.t_bound);
            if self.direction * (wanted - self.settings.t_bound) > 0.0 {
                self.change_step(h.abs() / h_abs);
                self.factored = false;
            }
            h_abs = h.abs();
            self.predict();
            let newton = self.correct(system, t_new, h / BDF_ALPHA[order], &mut current)?;
            if !newton.converged {
                h_abs *= 0.5;
                self.change_step(0.5);
                self.factored = false;
                self.counts.rejected += 1;
                continue;
            }
            let safety = 0.9 * (2 * ITERATIONS + 1) as f64 / (2 * ITERATIONS + newton.iterations) as f64;
            for i in 0..n {
                self.scale[i] = self.settings.atol[i] + self.settings.rtol[i] * self.y_new[i].abs();
            }
            let error = self.norm_of(BDF_ERROR[order], |s| &s.correction);
            if error > 1.0 {
                let factor = most(0.2, safety * error.powf(-1.0 / (order as f64 + 1.0)));
                h_abs *= factor;
                self.change_step(factor);
                self.counts.rejected += 1;
                continue;
            }
            break (t_new, error, safety);
        };
        self.equal_steps += 1;
        self.t_old = self.t;
        self.t = t_new;
        swap(&mut self.y, &mut self.y_new);
        self.h_abs = h_abs;
        self.counts.steps += 1;
        self.advance();
        if self.equal_steps > order {
            self.choose_order(error, safety);
        }
        Ok(true)
    }

    fn t(&self) -> f64 {
        self.t
    }

    fn y(&self) -> &[f64] {
        &self.y
    }

    fn segment(&mut self, _system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        out.form = Form::Differences;
        out.t_old = self.t_old;
        out.t = self.t;
        out.h = self.h_abs * self.direction;
        out.order = self.order;
        out.data.clear();
        out.data.extend_from_slice(&self.d[..(self.order + 1) * self.y.len()]);
        Ok(())
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}
