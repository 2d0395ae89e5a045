//! What all methods share: norms, bounds of the step, and the first step.

use super::system::{Counts, Settings, System};

/// The spacing of numbers at 1.
pub const EPS: f64 = f64::EPSILON;

/// The smaller, as Python's `min(a, b)` has it: `a` where they cannot be compared.
#[inline(always)]
pub fn least(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

/// The larger, as Python's `max(a, b)` has it: `a` where they cannot be compared.
#[inline(always)]
pub fn most(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// Sum of squares, in eight lanes where there is something to gain.
#[inline(always)]
pub fn sum_of_squares(x: &[f64]) -> f64 {
    if x.len() < 16 {
        return x.iter().fold(0.0, |sum, v| sum + v * v);
    }
    let (chunks, rest) = x.as_chunks::<8>();
    let mut lanes = [0.0; 8];
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v * v;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().fold(0.0, |sum, v| sum + v * v)
}

/// Root of the mean square.
#[inline(always)]
pub fn rms(x: &[f64]) -> f64 {
    sum_of_squares(x).sqrt() / (x.len() as f64).sqrt()
}

/// The smallest step worth taking at `t`: ten spacings of numbers.
#[inline(always)]
pub fn min_step(t: f64, direction: f64) -> f64 {
    let next = if direction > 0.0 { t.next_up() } else { t.next_down() };
    10.0 * (next - t).abs()
}

/// Where a step of `h_abs` from `t` ends, not beyond the end, and how long that is.
#[inline(always)]
pub fn end_of_step(t: f64, h_abs: f64, direction: f64, t_bound: f64) -> (f64, f64) {
    let mut t_new = t + h_abs * direction;
    if direction * (t_new - t_bound) > 0.0 {
        t_new = t_bound;
    }
    (t_new, t_new - t)
}

/// The first step (Hairer, Norsett, Wanner: Solving Ordinary Differential Equations I, II.4).
///
/// `order` is that of the error estimator. Costs one right-hand side, unless the step was given.
pub fn first_step<S: System>(
    system: &mut S,
    settings: &Settings,
    f0: &[f64],
    order: f64,
    counts: &mut Counts,
) -> Result<f64, S::Stop> {
    if let Some(given) = settings.first_step {
        return Ok(given);
    }
    let y0 = &settings.y0;
    let direction = settings.direction();
    let length = (settings.t_bound - settings.t0).abs();
    let scale: Vec<f64> =
        y0.iter().zip(&settings.atol).zip(&settings.rtol).map(|((y, a), r)| a + y.abs() * r).collect();
    let scaled = |x: &[f64]| rms(&x.iter().zip(&scale).map(|(v, s)| v / s).collect::<Vec<_>>());
    let (d0, d1) = (scaled(y0), scaled(f0));
    let guess = if d0 < 1e-5 || d1 < 1e-5 { 1e-6 } else { 0.01 * d0 / d1 };
    let h0 = least(guess, length);
    let y1: Vec<f64> = y0.iter().zip(f0).map(|(y, f)| y + h0 * direction * f).collect();
    let mut f1 = vec![0.0; y0.len()];
    counts.nfev += 1;
    system.rhs(settings.t0 + h0 * direction, &y1, &mut f1)?;
    let change: Vec<f64> = f1.iter().zip(f0).map(|(b, a)| b - a).collect();
    let d2 = scaled(&change) / h0;
    let h1 = if d1 <= 1e-15 && d2 <= 1e-15 {
        most(1e-6, h0 * 1e-3)
    } else {
        (0.01 / most(d1, d2)).powf(1.0 / (order + 1.0))
    };
    Ok(least(least(least(100.0 * h0, h1), length), settings.max_step))
}
