//! A Jacobian from finite differences, with steps that adapt themselves from one evaluation to the next.
//!
//! Salane (1986), "Adaptive routines for forming Jacobians numerically", as SciPy has it.

use super::stepping::EPS;
use super::system::{Counts, System};

/// State of the adaptive steps, one per column.
pub struct Differences {
    threshold: Vec<f64>,
    factor: Vec<f64>,
    f: Vec<f64>,
    h: Vec<f64>,
    scale: Vec<f64>,
    states: Vec<f64>,
    again: Vec<f64>,
}

/// What tells whether the difference of a column can be trusted.
struct Contrast {
    largest: f64,
    scale: f64,
}

impl Differences {
    /// `threshold`: the size below which a component of the state counts as zero.
    pub fn new(threshold: &[f64]) -> Self {
        let none = Vec::new;
        let n = threshold.len();
        Self {
            threshold: threshold.to_vec(),
            factor: vec![EPS.sqrt(); n],
            f: none(),
            h: vec![0.0; n],
            scale: vec![0.0; n],
            states: none(),
            again: none(),
        }
    }

    /// Write the Jacobian at (t, y), column by column.
    pub fn jacobian<S: System>(
        &mut self,
        system: &mut S,
        t: f64,
        y: &[f64],
        f: Option<&[f64]>,
        out: &mut [f64],
        counts: &mut Counts,
    ) -> Result<(), S::Stop> {
        let n = y.len();
        self.f.resize(n, 0.0);
        match f {
            Some(f) => self.f.copy_from_slice(f),
            None => {
                counts.differences += 1;
                system.rhs(t, y, &mut self.f)?;
            }
        }
        self.choose_steps(y);
        self.states.clear();
        for j in 0..n {
            self.states.extend_from_slice(y);
            self.states[j * n + j] += self.h[j];
        }
        counts.differences += n;
        system.rhs_columns(t, n, &self.states, out)?;
        let mut contrasts: Vec<Contrast> = Vec::with_capacity(n);
        for column in out.chunks_exact_mut(n) {
            contrasts.push(subtract(column, &self.f));
        }
        self.repeat_doubtful(system, t, y, out, &mut contrasts, counts)?;
        for (column, h) in out.chunks_exact_mut(n).zip(&self.h) {
            for v in column {
                *v /= h;
            }
        }
        self.adapt(&contrasts);
        Ok(())
    }

    /// Steps in the direction of the flow, never zero.
    fn choose_steps(&mut self, y: &[f64]) {
        for (j, y) in y.iter().enumerate() {
            let sign = if self.f[j] >= 0.0 { 1.0 } else { -1.0 };
            let size = if self.threshold[j] >= y.abs() { self.threshold[j] } else { y.abs() };
            self.scale[j] = sign * size;
            self.h[j] = (y + self.factor[j] * self.scale[j]) - y;
            // A scale of zero (no absolute tolerance, no state) would never give a step: SciPy hangs there.
            while self.h[j] == 0.0 && self.factor[j] < 1e300 {
                self.factor[j] *= 10.0;
                self.h[j] = (y + self.factor[j] * self.scale[j]) - y;
            }
        }
    }

    /// Columns whose difference drowns in rounding are taken again with a larger step.
    fn repeat_doubtful<S: System>(
        &mut self,
        system: &mut S,
        t: f64,
        y: &[f64],
        out: &mut [f64],
        contrasts: &mut [Contrast],
        counts: &mut Counts,
    ) -> Result<(), S::Stop> {
        let n = y.len();
        let reject = EPS.powf(0.875);
        let doubtful: Vec<usize> =
            (0..n).filter(|&j| contrasts[j].largest < reject * contrasts[j].scale).collect();
        if doubtful.is_empty() {
            return Ok(());
        }
        let larger = |j: usize| (y[j] + 10.0 * self.factor[j] * self.scale[j]) - y[j];
        self.states.clear();
        for (row, &j) in doubtful.iter().enumerate() {
            self.states.extend_from_slice(y);
            self.states[row * n + j] += larger(j);
        }
        self.again.resize(doubtful.len() * n, 0.0);
        counts.differences += doubtful.len();
        system.rhs_columns(t, n, &self.states, &mut self.again)?;
        for (column, &j) in self.again.chunks_exact_mut(n).zip(&doubtful) {
            let new = subtract(column, &self.f);
            let old = &mut contrasts[j];
            if old.largest * new.scale < new.largest * old.scale {
                self.h[j] = (y[j] + 10.0 * self.factor[j] * self.scale[j]) - y[j];
                self.factor[j] *= 10.0;
                out[j * n..][..n].copy_from_slice(column);
                *old = new;
            }
        }
        Ok(())
    }

    fn adapt(&mut self, contrasts: &[Contrast]) {
        let (small, big) = (EPS.powf(0.75), EPS.powf(0.25));
        for (factor, contrast) in self.factor.iter_mut().zip(contrasts) {
            if contrast.largest < small * contrast.scale {
                *factor *= 10.0;
            }
            if contrast.largest > big * contrast.scale {
                *factor *= 0.1;
            }
            if *factor < 1e3 * EPS {
                *factor = 1e3 * EPS;
            }
        }
    }
}

/// column -= f, and how its largest entry compares with what it was taken from.
fn subtract(column: &mut [f64], f: &[f64]) -> Contrast {
    let mut contrast = Contrast { largest: -1.0, scale: 0.0 };
    for (v, f) in column.iter_mut().zip(f) {
        let new = *v;
        *v -= f;
        let difference = v.abs();
        // The first NaN counts as the largest, and stays.
        if difference > contrast.largest || (difference.is_nan() && !contrast.largest.is_nan()) {
            contrast.largest = difference;
            contrast.scale = if f.abs() >= new.abs() { f.abs() } else { new.abs() };
        }
    }
    contrast
}
