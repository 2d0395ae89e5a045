//! The three explicit pairs: RK23, RK45 and DOP853.

use super::dense::{Form, Segment};
use super::rk::{Attempt, Rk, Tableau};
use super::sums::squares;
use super::system::System;
use super::tableaus::*;

/// Bogacki and Shampine 3(2).
pub struct Rk23;
/// Dormand and Prince 5(4).
pub struct Rk45;
/// Dormand and Prince 8(5,3).
pub struct Dop853;

impl Tableau for Rk23 {
    const STAGES: usize = 3;
    const ROWS: usize = 4;
    const ERROR_ORDER: f64 = 2.0;

    #[inline(always)]
    fn a(s: usize, j: usize) -> f64 {
        RK23_A[s][j]
    }

    #[inline(always)]
    fn b(j: usize) -> f64 {
        RK23_B[j]
    }

    #[inline(always)]
    fn c(s: usize) -> f64 {
        RK23_C[s]
    }

    #[inline(always)]
    fn stages<S: System>(at: &mut Attempt<'_>, system: &mut S) -> Result<(), S::Stop> {
        at.stage::<Self, S, 1>(system)?;
        at.stage::<Self, S, 2>(system)
    }

    #[inline(always)]
    fn error_norm(k: &[f64], n: usize, h: f64, scale: &[f64], spare: &mut [f64]) -> f64 {
        squares::<4>(k, n, h, &RK23_E, scale, spare).sqrt() / (n as f64).sqrt()
    }

    fn segment<S: System>(rk: &mut Rk<Self>, _system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        powers(rk, &RK23_P, out);
        Ok(())
    }
}

impl Tableau for Rk45 {
    const STAGES: usize = 6;
    const ROWS: usize = 7;
    const ERROR_ORDER: f64 = 4.0;

    #[inline(always)]
    fn a(s: usize, j: usize) -> f64 {
        RK45_A[s][j]
    }

    #[inline(always)]
    fn b(j: usize) -> f64 {
        RK45_B[j]
    }

    #[inline(always)]
    fn c(s: usize) -> f64 {
        RK45_C[s]
    }

    #[inline(always)]
    fn stages<S: System>(at: &mut Attempt<'_>, system: &mut S) -> Result<(), S::Stop> {
        at.stage::<Self, S, 1>(system)?;
        at.stage::<Self, S, 2>(system)?;
        at.stage::<Self, S, 3>(system)?;
        at.stage::<Self, S, 4>(system)?;
        at.stage::<Self, S, 5>(system)
    }

    #[inline(always)]
    fn error_norm(k: &[f64], n: usize, h: f64, scale: &[f64], spare: &mut [f64]) -> f64 {
        squares::<7>(k, n, h, &RK45_E, scale, spare).sqrt() / (n as f64).sqrt()
    }

    fn segment<S: System>(rk: &mut Rk<Self>, _system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        powers(rk, &RK45_P, out);
        Ok(())
    }
}

impl Tableau for Dop853 {
    const STAGES: usize = 12;
    const ROWS: usize = 16;
    const ERROR_ORDER: f64 = 7.0;

    #[inline(always)]
    fn a(s: usize, j: usize) -> f64 {
        DOP853_A[s][j]
    }

    #[inline(always)]
    fn b(j: usize) -> f64 {
        DOP853_B[j]
    }

    #[inline(always)]
    fn c(s: usize) -> f64 {
        DOP853_C[s]
    }

    #[inline(always)]
    fn stages<S: System>(at: &mut Attempt<'_>, system: &mut S) -> Result<(), S::Stop> {
        at.stage::<Self, S, 1>(system)?;
        at.stage::<Self, S, 2>(system)?;
        at.stage::<Self, S, 3>(system)?;
        at.stage::<Self, S, 4>(system)?;
        at.stage::<Self, S, 5>(system)?;
        at.stage::<Self, S, 6>(system)?;
        at.stage::<Self, S, 7>(system)?;
        at.stage::<Self, S, 8>(system)?;
        at.stage::<Self, S, 9>(system)?;
        at.stage::<Self, S, 10>(system)?;
        at.stage::<Self, S, 11>(system)
    }

    #[inline(always)]
    fn error_norm(k: &[f64], n: usize, h: f64, scale: &[f64], spare: &mut [f64]) -> f64 {
        let third = squares::<13>(k, n, 1.0, &DOP853_E3, scale, spare);
        let fifth = squares::<13>(k, n, 1.0, &DOP853_E5, scale, spare);
        if fifth == 0.0 && third == 0.0 {
            return 0.0;
        }
        h.abs() * fifth / ((fifth + 0.01 * third) * n as f64).sqrt()
    }

    fn segment<S: System>(rk: &mut Rk<Self>, system: &mut S, out: &mut Segment) -> Result<(), S::Stop> {
        let n = rk.y.len();
        let h = rk.h;
        extra_stage::<S, 13>(rk, system)?;
        extra_stage::<S, 14>(rk, system)?;
        extra_stage::<S, 15>(rk, system)?;
        out.form = Form::Alternating;
        out.data.clear();
        out.data.extend_from_slice(&rk.y_old);
        let (first, last) = (&rk.k[..n], &rk.k[12 * n..][..n]);
        let delta = |i: usize| rk.y[i] - rk.y_old[i];
        out.data.extend((0..n).map(delta));
        out.data.extend((0..n).map(|i| h * first[i] - delta(i)));
        out.data.extend((0..n).map(|i| 2.0 * delta(i) - h * (last[i] + first[i])));
        for weights in &DOP853_D {
            out.data.extend((0..n).map(|i| h * weighted(&rk.k, n, weights, i)));
        }
        Ok(())
    }
}

/// The three stages that only DOP853's interpolant needs.
fn extra_stage<S: System, const J: usize>(rk: &mut Rk<Dop853>, system: &mut S) -> Result<(), S::Stop> {
    let n = rk.y.len();
    let at: Vec<f64> =
        (0..n).map(|i| rk.y_old[i] + weighted(&rk.k, n, &DOP853_A[J][..J], i) * rk.h).collect();
    rk.counts.nfev += 1;
    system.rhs(rk.t_old + DOP853_C[J] * rk.h, &at, &mut rk.k[J * n..][..n])
}

/// sum over j of weights[j] k_j, for component `i`.
fn weighted(k: &[f64], n: usize, weights: &[f64], i: usize) -> f64 {
    weights.iter().enumerate().fold(0.0, |sum, (j, w)| sum + w * k[j * n + i])
}

/// The interpolant y_old + h Q (x, x^2, ...), Q = K^T P.
fn powers<T: Tableau, const D: usize, const R: usize>(rk: &Rk<T>, p: &[[f64; D]; R], out: &mut Segment) {
    let n = rk.y.len();
    out.form = Form::Powers { degree: D, scaled: true };
    out.data.clear();
    out.data.extend_from_slice(&rk.y_old);
    for i in 0..n {
        for m in 0..D {
            out.data.push((0..R).fold(0.0, |sum, j| sum + rk.k[j * n + i] * p[j][m]));
        }
    }
}
