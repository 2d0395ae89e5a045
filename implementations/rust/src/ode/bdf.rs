//! Backward differentiation of variable order, 1 to 5, in steps that stay equal for a while.
//!
//! Shampine and Reichelt (1997), "The MATLAB ODE Suite" (the NDF variant), as SciPy has it.

mod matrices;
mod newton;

use std::mem::swap;

use super::dense::{Form, Segment};
use super::linear::Linear;
use super::stepping::{end_of_step, first_step, least, min_step, most, rms};
use super::system::{Counts, Method, Settings, System, known};
use super::tableaus::{BDF_ALPHA, BDF_ERROR, BDF_GAMMA};
use matrices::{Square, differences_matrix, product};
use newton::ITERATIONS;

const MAX_ORDER: usize = 5;

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
    unit: Square,
    y_predict: Vec<f64>,
    y_new: Vec<f64>,
    psi: Vec<f64>,
    correction: Vec<f64>,
    dy: Vec<f64>,
    scale: Vec<f64>,
    ratio: Vec<f64>,
    counts: Counts,
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
            unit: differences_matrix(MAX_ORDER, 1.0),
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

    /// The number of equations: a constant wherever the system knows it.
    #[inline(always)]
    fn width<S: System>(&self) -> usize {
        if known::<S>() > 0 { known::<S>() } else { self.y.len() }
    }

    /// Rewrite the differences for a step that is `factor` times as long.
    fn change_step<S: System>(&mut self, factor: f64) {
        let (order, n) = (self.order, self.width::<S>());
        let weights = product(&differences_matrix(order, factor), &self.unit, order);
        let (d, changed) = (&mut self.d[..(order + 1) * n], &mut self.changed[..(order + 1) * n]);
        for (j, row) in changed.chunks_exact_mut(n).enumerate() {
            row.fill(0.0);
            for (weights, d) in weights.iter().zip(d.chunks_exact(n)) {
                for (v, d) in row.iter_mut().zip(d) {
                    *v += weights[j] * d;
                }
            }
        }
        d.copy_from_slice(changed);
        self.equal_steps = 0;
    }

    /// Predict the state from the differences, and what the formula takes from the past.
    fn predict<S: System>(&mut self) {
        let (order, n) = (self.order, self.width::<S>());
        let (y_predict, psi) = (&mut self.y_predict[..n], &mut self.psi[..n]);
        y_predict.copy_from_slice(&self.d[..n]);
        psi.fill(0.0);
        for (row, gamma) in self.d[n..(order + 1) * n].chunks_exact(n).zip(&BDF_GAMMA[1..]) {
            for i in 0..n {
                y_predict[i] += row[i];
                psi[i] += row[i] * gamma;
            }
        }
        for v in psi {
            *v /= BDF_ALPHA[order];
        }
        set_scale(&mut self.scale[..n], &self.settings, y_predict);
    }

    /// Choose order and step after enough equal steps.
    fn choose_order<S: System>(&mut self, error: f64, safety: f64) {
        let order = self.order;
        let lower = match order {
            1 => f64::INFINITY,
            _ => self.error_of::<S>(order - 1, order),
        };
        let higher = match order {
            MAX_ORDER => f64::INFINITY,
            _ => self.error_of::<S>(order + 1, order + 2),
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
        self.change_step::<S>(factor);
        self.factored = false;
    }

    /// The norm of the error that order `order` would have made, by the difference in `row`.
    fn error_of<S: System>(&mut self, order: usize, row: usize) -> f64 {
        let n = self.width::<S>();
        let (d, scale) = (&self.d[row * n..][..n], &self.scale[..n]);
        scaled_norm(BDF_ERROR[order], d, scale, &mut self.ratio[..n])
    }

    /// Take the new state into the differences.
    fn advance<S: System>(&mut self) {
        let (order, n) = (self.order, self.width::<S>());
        let (lower, upper) = self.d.split_at_mut((order + 2) * n);
        let last = &mut lower[(order + 1) * n..];
        let (next, correction) = (&mut upper[..n], &self.correction[..n]);
        for i in 0..n {
            next[i] = correction[i] - last[i];
            last[i] = correction[i];
        }
        for k in (0..=order).rev() {
            let (row, next) = self.d[k * n..(k + 2) * n].split_at_mut(n);
            for (v, above) in row.iter_mut().zip(&*next) {
                *v += above;
            }
        }
    }
}

/// scale = atol + rtol |y|.
#[inline(always)]
fn set_scale(scale: &mut [f64], settings: &Settings, y: &[f64]) {
    let n = scale.len();
    let (atol, rtol, y) = (&settings.atol[..n], &settings.rtol[..n], &y[..n]);
    for i in 0..n {
        scale[i] = atol[i] + rtol[i] * y[i].abs();
    }
}

/// The norm of `factor` times a vector; `ratio` is overwritten.
#[inline(always)]
fn scaled_norm(factor: f64, vector: &[f64], scale: &[f64], ratio: &mut [f64]) -> f64 {
    for ((r, v), s) in ratio.iter_mut().zip(vector).zip(scale) {
        *r = factor * v / s;
    }
    rms(ratio)
}

impl<S: System, L: Linear<S>> Method<S> for Bdf<L> {
    fn step(&mut self, system: &mut S) -> Result<bool, S::Stop> {
        let n = self.width::<S>();
        let smallest = min_step(self.t, self.direction);
        let mut h_abs = self.h_abs;
        if h_abs > self.settings.max_step {
            h_abs = self.settings.max_step;
            self.change_step::<S>(h_abs / self.h_abs);
        } else if h_abs < smallest {
            h_abs = smallest;
            self.change_step::<S>(h_abs / self.h_abs);
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
                self.change_step::<S>(h.abs() / h_abs);
                self.factored = false;
            }
            h_abs = h.abs();
            self.predict::<S>();
            let newton = self.correct(system, t_new, h / BDF_ALPHA[order], &mut current)?;
            if !newton.converged {
                h_abs *= 0.5;
                self.change_step::<S>(0.5);
                self.factored = false;
                self.counts.rejected += 1;
                continue;
            }
            let safety = 0.9 * (2 * ITERATIONS + 1) as f64 / (2 * ITERATIONS + newton.iterations) as f64;
            set_scale(&mut self.scale[..n], &self.settings, &self.y_new);
            let (correction, scale) = (&self.correction[..n], &self.scale[..n]);
            let error = scaled_norm(BDF_ERROR[order], correction, scale, &mut self.ratio[..n]);
            if error > 1.0 {
                let factor = most(0.2, safety * error.powf(-1.0 / (order as f64 + 1.0)));
                h_abs *= factor;
                self.change_step::<S>(factor);
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
        self.advance::<S>();
        if self.equal_steps > order {
            self.choose_order::<S>(error, safety);
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
