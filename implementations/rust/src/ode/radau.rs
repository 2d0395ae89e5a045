//! Radau IIA of order 5: implicit Runge-Kutta with one real and one complex linear system.
//!
//! Hairer and Wanner, Solving Ordinary Differential Equations II, IV.8, as SciPy has it.

mod newton;

use std::mem::swap;

use numpy::Complex64;

use super::dense::{Form, Segment};
use super::linear::Linear;
use super::stepping::{end_of_step, first_step, least, min_step, most, rms};
use super::system::{Counts, Method, Settings, System};
use super::tableaus::{RADAU_C, RADAU_E, RADAU_P};
use newton::ITERATIONS;

/// The state between steps. What has three rows holds the three stages one behind another.
pub struct Radau<L> {
    linear: L,
    settings: Settings,
    direction: f64,
    t_old: f64,
    t: f64,
    h_abs: f64,
    h_abs_old: Option<f64>,
    error_old: Option<f64>,
    current: bool,
    factored: bool,
    interpolant: Option<Segment>,
    y: Vec<f64>,
    y_new: Vec<f64>,
    f: Vec<f64>,
    scale: Vec<f64>,
    z: Vec<f64>,
    w: Vec<f64>,
    dw: Vec<f64>,
    stages: Vec<f64>,
    real: Vec<f64>,
    complex: Vec<Complex64>,
    ze: Vec<f64>,
    error: Vec<f64>,
    spare: Vec<f64>,
    counts: Counts,
}

impl<L> Radau<L> {
    /// Evaluate the start and the Jacobian there, and choose the first step.
    pub fn new<S: System>(system: &mut S, settings: Settings, mut linear: L) -> Result<Self, S::Stop>
    where
        L: Linear<S>,
    {
        let n = settings.y0.len();
        let mut counts = Counts { nfev: 1, ..Counts::default() };
        let mut f = vec![0.0; n];
        system.rhs(settings.t0, &settings.y0, &mut f)?;
        let h_abs = first_step(system, &settings, &f, 3.0, &mut counts)?;
        if !linear.constant() {
            linear.evaluate(system, settings.t0, &settings.y0, Some(&f), &mut counts)?;
        }
        let rows = |count: usize| vec![0.0; count * n];
        Ok(Self {
            linear,
            direction: settings.direction(),
            t_old: settings.t0,
            t: settings.t0,
            h_abs,
            h_abs_old: None,
            error_old: None,
            current: true,
            factored: false,
            interpolant: None,
            y: settings.y0.clone(),
            y_new: rows(1),
            f,
            scale: rows(1),
            z: rows(3),
            w: rows(3),
            dw: rows(3),
            stages: rows(3),
            real: rows(1),
            complex: vec![Complex64::ZERO; n],
            ze: rows(1),
            error: rows(1),
            spare: rows(1),
            counts,
            settings,
        })
    }

    /// The first guess: the last step's interpolant, drawn on.
    fn guess(&mut self, h: f64) {
        let n = self.y.len();
        let Some(interpolant) = &self.interpolant else {
            return self.z.fill(0.0);
        };
        for (row, c) in self.z.chunks_exact_mut(n).zip(RADAU_C) {
            interpolant.evaluate(self.t + h * c, row);
            for (z, y) in row.iter_mut().zip(&self.y) {
                *z -= y;
            }
        }
    }

    /// Estimate the error of the stages found; the new state goes into `y_new`.
    fn estimate<S: System>(&mut self, system: &mut S, h: f64, again: bool) -> Result<f64, S::Stop>
    where
        L: Linear<S>,
    {
        let n = self.y.len();
        let ([a, b, c], y, f) = (three(&self.z, n), &self.y[..n], &self.f[..n]);
        let (atol, rtol) = (&self.settings.atol[..n], &self.settings.rtol[..n]);
        let (y_new, ze) = (&mut self.y_new[..n], &mut self.ze[..n]);
        let (error, scale) = (&mut self.error[..n], &mut self.scale[..n]);
        for i in 0..n {
            y_new[i] = y[i] + c[i];
            ze[i] = (a[i] * RADAU_E[0] + b[i] * RADAU_E[1] + c[i] * RADAU_E[2]) / h;
            error[i] = f[i] + ze[i];
            let (old, new) = (y[i].abs(), y_new[i].abs());
            let size = if old >= new { old } else { new };
            scale[i] = atol[i] + size * rtol[i];
        }
        self.linear.solve(system, &mut self.error)?;
        let norm = self.norm_of_error();
        if !(again && norm > 1.0) {
            return Ok(norm);
        }
        for i in 0..n {
            self.spare[i] = self.y[i] + self.error[i];
        }
        self.counts.nfev += 1;
        system.rhs(self.t, &self.spare, &mut self.error)?;
        for i in 0..n {
            self.error[i] += self.ze[i];
        }
        self.linear.solve(system, &mut self.error)?;
        Ok(self.norm_of_error())
    }

    fn norm_of_error(&mut self) -> f64 {
        for ((v, e), s) in self.spare.iter_mut().zip(&self.error).zip(&self.scale) {
            *v = e / s;
        }
        rms(&self.spare)
    }

    fn keep_interpolant(&mut self) {
        let n = self.y.len();
        let out = self.interpolant.get_or_insert_with(|| Segment::new(FORM));
        out.t_old = self.t_old;
        out.t = self.t;
        out.h = self.t - self.t_old;
        out.data.resize(4 * n, 0.0);
        let (y_old, powers) = out.data.split_at_mut(n);
        y_old.copy_from_slice(&self.y_new); // the state before the step: the two have been exchanged
        let [a, b, c] = three(&self.z, n);
        for (i, powers) in powers.as_chunks_mut::<3>().0.iter_mut().enumerate() {
            for m in 0..3 {
                powers[m] = a[i] * RADAU_P[0][m] + b[i] * RADAU_P[1][m] + c[i] * RADAU_P[2][m];
            }
        }
    }
}

/// Three rows of n that stand one behind another.
#[inline(always)]
fn three(rows: &[f64], n: usize) -> [&[f64]; 3] {
    [&rows[..n], &rows[n..][..n], &rows[2 * n..][..n]]
}

const FORM: Form = Form::Powers { degree: 3, scaled: false };

/// By how much to change the step: Gustafsson's two-step prediction where there is a past.
fn predict_factor(h_abs: f64, error: f64, past: Option<(f64, f64)>) -> f64 {
    let multiplier = match past {
        Some((h_old, error_old)) if error != 0.0 => h_abs / h_old * (error_old / error).powf(0.25),
        _ => 1.0,
    };
    least(1.0, multiplier) * error.powf(-0.25)
}

impl<S: System, L: Linear<S>> Method<S> for Radau<L> {
    fn step(&mut self, system: &mut S) -> Result<bool, S::Stop> {
        let smallest = min_step(self.t, self.direction);
        let mut h_abs = self.h_abs;
        let mut past = self.h_abs_old.zip(self.error_old);
        if h_abs > self.settings.max_step {
            h_abs = self.settings.max_step;
            past = None;
        } else if h_abs < smallest {
            h_abs = smallest;
            past = None;
        }
        let mut rejected = false;
        let (t_new, error, newton, safety) = loop {
            // A step that is not a number spoils the matrix, and that is an error, unless the matrix is kept.
            if h_abs < smallest || (h_abs.is_nan() && self.factored) {
                return Ok(false);
            }
            let (t_new, h) = end_of_step(self.t, h_abs, self.direction, self.settings.t_bound);
            h_abs = h.abs();
            self.guess(h);
            let tolerances = self.settings.atol.iter().zip(&self.settings.rtol);
            for ((scale, y), (atol, rtol)) in self.scale.iter_mut().zip(&self.y).zip(tolerances) {
                *scale = atol + y.abs() * rtol;
            }
            let newton = self.collocate(system, h)?;
            if !newton.converged {
                h_abs *= 0.5;
                self.factored = false;
                self.counts.rejected += 1;
                continue;
            }
            let error = self.estimate(system, h, rejected)?;
            let safety = 0.9 * (2 * ITERATIONS + 1) as f64 / (2 * ITERATIONS + newton.iterations) as f64;
            if error > 1.0 {
                h_abs *= most(0.2, safety * predict_factor(h_abs, error, past));
                self.factored = false;
                rejected = true;
                self.counts.rejected += 1;
                continue;
            }
            break (t_new, error, newton, safety);
        };
        let refresh =
            !self.linear.constant() && newton.iterations > 2 && newton.rate.is_some_and(|rate| rate > 1e-3);
        let mut factor = least(10.0, safety * predict_factor(h_abs, error, past));
        if !refresh && factor < 1.2 {
            factor = 1.0;
        } else {
            self.factored = false;
        }
        self.counts.nfev += 1;
        system.rhs(t_new, &self.y_new, &mut self.f)?;
        if refresh {
            self.linear.evaluate(system, t_new, &self.y_new, Some(&self.f), &mut self.counts)?;
            self.current = true;
        } else if !self.linear.constant() {
            self.current = false;
        }
        // The step as it was before it was shortened or rejected: what SciPy keeps.
        self.h_abs_old = Some(self.h_abs);
        self.error_old = Some(error);
        self.h_abs = h_abs * factor;
        self.t_old = self.t;
        self.t = t_new;
        swap(&mut self.y, &mut self.y_new);
        self.keep_interpolant();
        self.counts.steps += 1;
        Ok(true)
    }

    fn t(&self) -> f64 {
        self.t
    }

    fn y(&self) -> &[f64] {
        &self.y
    }

    fn segment(&mut self, _system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        if let Some(interpolant) = &self.interpolant {
            out.clone_from(interpolant);
        }
        Ok(())
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}
