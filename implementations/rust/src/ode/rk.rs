//! Explicit Runge-Kutta pairs: one stepping text for RK23, RK45 and DOP853.
//!
//! Dormand and Prince (1980), Bogacki and Shampine (1989); DOP853: Hairer, Norsett, Wanner, Solving Ordinary
//! Differential Equations I. Steps are chosen as SciPy chooses them: no PI controller, no stiffness test.

use std::marker::PhantomData;
use std::mem::swap;

use super::ablations::{Slowness, Tolerance};
use super::dense::Segment;
use super::stepping::{end_of_step, first_step, least, min_step, most};
use super::sums::{apart, combine, result, set_scale};
use super::system::{Counts, Method, Settings, System};

/// The coefficients of a pair. Stages stand in rows `0..STAGES`, f(t + h, y_new) in row `STAGES`.
pub trait Tableau: Sized {
    /// Stages of an attempt, without the last one, which is the first of the next step.
    const STAGES: usize;
    /// Rows of stages, those of the interpolant included.
    const ROWS: usize;
    /// Order of the error estimator.
    const ERROR_ORDER: f64;
    /// Weight of stage `j` in stage `s`.
    fn a(s: usize, j: usize) -> f64;
    /// Weight of stage `j` in the result.
    fn b(j: usize) -> f64;
    /// Time of stage `s`.
    fn c(s: usize) -> f64;
    /// Evaluate the stages from the second on.
    fn stages<S: System>(at: &mut Attempt<'_>, system: &mut S) -> Result<(), S::Stop>;
    /// The norm of the error of an attempt, from the stages and `scale`; it may overwrite `spare`.
    fn error_norm(k: &[f64], n: usize, h: f64, scale: &[f64], spare: &mut [f64]) -> f64;
    /// Write the interpolant of the last step.
    fn segment<S: System>(rk: &mut Rk<Self>, system: &mut S, out: &mut Segment) -> Result<(), S::Stop>;
}

/// What a step that is tried works on: slices whose lengths have been checked once.
pub struct Attempt<'a> {
    n: usize,
    t: f64,
    h: f64,
    y: &'a [f64],
    k: &'a mut [f64],
    trial: &'a mut [f64],
}

impl Attempt<'_> {
    /// Evaluate stage `J` from those before it.
    #[inline(always)]
    pub fn stage<T: Tableau, S: System, const J: usize>(&mut self, system: &mut S) -> Result<(), S::Stop> {
        let (n, t) = (self.n, self.t + T::c(J) * self.h);
        let (before, rest) = self.k.split_at_mut(J * n);
        if matches!(S::SLOWNESS, Slowness::Calls) {
            apart::stage::<T, J>(before, n, self.y, self.h, self.trial);
        } else {
            combine::<J>(before, n, self.y, self.h, |j| T::a(J, j), self.trial);
        }
        system.rhs(t, self.trial, &mut rest[..n])
    }

    /// Take the sum of all stages, and evaluate what is the first stage of the next step.
    #[inline(always)]
    fn finish<T: Tableau, S: System>(&mut self, system: &mut S) -> Result<(), S::Stop> {
        let n = self.n;
        let (before, rest) = self.k.split_at_mut(T::STAGES * n);
        if matches!(S::SLOWNESS, Slowness::Calls) {
            apart::result::<T>(before, n, self.y, self.h, self.trial);
        } else {
            result::<T>(before, n, self.y, self.h, self.trial);
        }
        system.rhs(self.t + self.h, self.trial, &mut rest[..n])
    }
}

/// The state of an explicit method between steps.
pub struct Rk<T> {
    settings: Settings,
    direction: f64,
    exponent: f64,
    /// Start of the last step.
    pub t_old: f64,
    t: f64,
    /// Length of the last step.
    pub h: f64,
    h_abs: f64,
    /// State before the last step.
    pub y_old: Vec<f64>,
    /// State now.
    pub y: Vec<f64>,
    trial: Vec<f64>,
    /// Stages, row by row.
    pub k: Vec<f64>,
    scale: Vec<f64>,
    spare: Vec<f64>,
    /// Ablation: relative and absolute tolerance.
    branching: Option<[Tolerance; 2]>,
    /// What has been done.
    pub counts: Counts,
    tableau: PhantomData<T>,
}

impl<T: Tableau> Rk<T> {
    /// Evaluate the start and choose the first step.
    pub fn new<S: System>(system: &mut S, settings: Settings) -> Result<Self, S::Stop> {
        let n = settings.y0.len();
        let mut counts = Counts { nfev: 1, ..Counts::default() };
        let mut k = vec![0.0; T::ROWS * n];
        let f0 = &mut k[T::STAGES * n..][..n];
        system.rhs(settings.t0, &settings.y0, f0)?;
        let h_abs = first_step(system, &settings, f0, T::ERROR_ORDER, &mut counts)?;
        let branching = matches!(S::SLOWNESS, Slowness::Branches)
            .then(|| [settings.rtol.as_slice().into(), settings.atol.as_slice().into()]);
        Ok(Self {
            direction: settings.direction(),
            exponent: -1.0 / (T::ERROR_ORDER + 1.0),
            t_old: settings.t0,
            t: settings.t0,
            h: 0.0,
            h_abs,
            y_old: settings.y0.clone(),
            y: settings.y0.clone(),
            trial: vec![0.0; n],
            k,
            scale: vec![0.0; n],
            spare: vec![0.0; n],
            branching,
            counts,
            tableau: PhantomData,
            settings,
        })
    }

    #[inline(always)]
    fn width<S: System>(&self) -> usize {
        if S::WIDTH > 0 { S::WIDTH } else { self.y.len() }
    }

    /// Try a step of `h`: the result goes into `trial`. Returns the norm of its error.
    #[inline(always)]
    fn attempt<S: System>(&mut self, system: &mut S, h: f64) -> Result<f64, S::Stop> {
        if self.settings.fresh_workspace {
            self.renew();
        }
        let n = self.width::<S>();
        let (y, k, trial) = (&self.y[..n], &mut self.k[..T::ROWS * n], &mut self.trial[..n]);
        let mut attempt = Attempt { n, t: self.t, h, y, k, trial };
        T::stages(&mut attempt, system)?;
        attempt.finish::<T, S>(system)?;
        self.counts.nfev += T::STAGES;
        let (k, trial) = (&*attempt.k, &*attempt.trial);
        let (scale, spare) = (&mut self.scale[..n], &mut self.spare[..n]);
        match &self.branching {
            Some([rtol, atol]) if matches!(S::SLOWNESS, Slowness::Branches) => {
                set_scale(y, trial, |i| rtol[i], |i| atol[i], scale);
            }
            _ => {
                let (rtol, atol) = (&self.settings.rtol[..n], &self.settings.atol[..n]);
                set_scale(y, trial, |i| rtol[i], |i| atol[i], scale);
            }
        }
        Ok(if matches!(S::SLOWNESS, Slowness::Calls) {
            apart::error_norm::<T>(k, n, h, scale, spare)
        } else {
            T::error_norm(k, n, h, scale, spare)
        })
    }

    fn renew(&mut self) {
        self.k = self.k.clone();
        self.trial = vec![0.0; self.y.len()];
        self.scale = vec![0.0; self.y.len()];
        self.spare = vec![0.0; self.y.len()];
    }
}

impl<S: System, T: Tableau> Method<S> for Rk<T> {
    #[inline]
    fn step(&mut self, system: &mut S) -> Result<bool, S::Stop> {
        let n = self.width::<S>();
        let smallest = min_step(self.t, self.direction);
        let mut h_abs = self.h_abs;
        if h_abs > self.settings.max_step {
            h_abs = self.settings.max_step;
        } else if h_abs < smallest {
            h_abs = smallest;
        }
        self.k.copy_within(T::STAGES * n..(T::STAGES + 1) * n, 0);
        let mut rejected = false;
        loop {
            // A step that is not a number ends here too; SciPy would try for ever.
            if h_abs < smallest || h_abs.is_nan() {
                return Ok(false);
            }
            let (t_new, h) = end_of_step(self.t, h_abs, self.direction, self.settings.t_bound);
            h_abs = h.abs();
            let error = self.attempt(system, h)?;
            if error < 1.0 {
                let mut factor = 10.0;
                if error != 0.0 {
                    factor = least(10.0, 0.9 * error.powf(self.exponent));
                }
                if rejected {
                    factor = least(1.0, factor);
                }
                self.h_abs = h_abs * factor;
                self.h = h;
                self.t_old = self.t;
                self.t = t_new;
                swap(&mut self.y_old, &mut self.y);
                swap(&mut self.y, &mut self.trial);
                self.counts.steps += 1;
                return Ok(true);
            }
            h_abs *= most(0.2, 0.9 * error.powf(self.exponent));
            rejected = true;
            self.counts.rejected += 1;
        }
    }

    fn t(&self) -> f64 {
        self.t
    }

    fn y(&self) -> &[f64] {
        &self.y
    }

    fn segment(&mut self, system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        out.t_old = self.t_old;
        out.t = self.t;
        // The quartic is written in the difference of the times, DOP853's stages in the step: they are the same.
        out.h = self.t - self.t_old;
        T::segment(self, system, out)
    }

    fn counts(&self) -> Counts {
        self.counts
    }
}
