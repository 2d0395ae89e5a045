//! Sums over the stages of an explicit method, and what errors are measured by: the inner loops.

use super::rk::Tableau;
use super::stepping::sum_of_squares;

/// Do the one thing with a width that the compiler knows, where there are few equations, and else the other.
///
/// With a known width the loops vanish, and nothing goes through memory that need not.
macro_rules! by_width {
    ($n:expr, $width:ident => $known:expr, $any:expr) => {
        match $n {
            1 => {
                const $width: usize = 1;
                $known
            }
            2 => {
                const $width: usize = 2;
                $known
            }
            3 => {
                const $width: usize = 3;
                $known
            }
            4 => {
                const $width: usize = 4;
                $known
            }
            _ => $any,
        }
    };
}

/// The first `J` stages of `N` equations: indexing them is not checked again.
#[inline(always)]
fn stages<const J: usize, const N: usize>(k: &[f64]) -> &[[f64; N]; J] {
    k.as_chunks::<N>().0.first_chunk::<J>().expect("there is room for all stages")
}

/// Sum of weights(j) k_j over all stages, or over those that have a weight.
#[inline(always)]
fn weighted<const J: usize, const N: usize>(
    k: &[[f64; N]; J],
    i: usize,
    all: bool,
    weight: impl Fn(usize) -> f64,
) -> f64 {
    let mut sum = -0.0;
    for j in 0..J {
        if all || weight(j) != 0.0 {
            sum += weight(j) * k[j][i];
        }
    }
    sum
}

/// What the error is measured by: atol + rtol max(|y|, |trial|).
#[inline(always)]
pub fn set_scale(
    y: &[f64],
    trial: &[f64],
    rtol: impl Fn(usize) -> f64,
    atol: impl Fn(usize) -> f64,
    scale: &mut [f64],
) {
    for i in 0..scale.len() {
        let (old, new) = (y[i].abs(), trial[i].abs());
        // Where `new` is NaN, so is the scale: as with `numpy.maximum`.
        scale[i] = atol(i) + (if old >= new { old } else { new }) * rtol(i);
    }
}

/// trial = y + h sum of weights(j) k_j over the first `J` stages; a weight of zero costs nothing.
#[inline(always)]
pub fn combine<const J: usize>(
    k: &[f64],
    n: usize,
    y: &[f64],
    h: f64,
    weight: impl Fn(usize) -> f64 + Copy,
    out: &mut [f64],
) {
    by_width!(n, N => add::<J, N>(k, y, h, false, weight, out), add_any::<J>(k, n, y, h, false, weight, out));
}

/// The new state. Stages of weight zero are added too: one that is not finite has to spoil the step, as in SciPy.
#[inline(always)]
pub fn result<T: Tableau>(k: &[f64], n: usize, y: &[f64], h: f64, out: &mut [f64]) {
    match T::STAGES {
        3 => {
            by_width!(n, N => add::<3, N>(k, y, h, true, T::b, out), add_any::<3>(k, n, y, h, true, T::b, out))
        }
        6 => {
            by_width!(n, N => add::<6, N>(k, y, h, true, T::b, out), add_any::<6>(k, n, y, h, true, T::b, out))
        }
        _ => {
            by_width!(n, N => add::<12, N>(k, y, h, true, T::b, out), add_any::<12>(k, n, y, h, true, T::b, out))
        }
    }
}

#[inline(always)]
fn add<const J: usize, const N: usize>(
    k: &[f64],
    y: &[f64],
    h: f64,
    all: bool,
    weight: impl Fn(usize) -> f64 + Copy,
    out: &mut [f64],
) {
    let k = stages::<J, N>(k);
    let (y, out) = (&y[..N], &mut out[..N]);
    for i in 0..N {
        out[i] = y[i] + weighted(k, i, all, weight) * h;
    }
}

#[inline(always)]
fn add_any<const J: usize>(
    k: &[f64],
    n: usize,
    y: &[f64],
    h: f64,
    all: bool,
    weight: impl Fn(usize) -> f64,
    out: &mut [f64],
) {
    let rows: [&[f64]; J] = std::array::from_fn(|j| &k[j * n..][..n]);
    let (y, out) = (&y[..n], &mut out[..n]);
    for i in 0..n {
        let mut sum = -0.0;
        for j in 0..J {
            if all || weight(j) != 0.0 {
                sum += weight(j) * rows[j][i];
            }
        }
        out[i] = y[i] + sum * h;
    }
}

/// The sum of squares of h (sum of weights[j] k_j) / scale; `spare` may be overwritten.
#[inline(always)]
pub fn squares<const J: usize>(
    k: &[f64],
    n: usize,
    h: f64,
    weights: &[f64; J],
    scale: &[f64],
    spare: &mut [f64],
) -> f64 {
    by_width!(n, N => squares_known::<J, N>(k, h, weights, scale), {
        divide::<J>(k, n, h, weights, scale, spare);
        sum_of_squares(spare)
    })
}

#[inline(always)]
fn squares_known<const J: usize, const N: usize>(
    k: &[f64],
    h: f64,
    weights: &[f64; J],
    scale: &[f64],
) -> f64 {
    let (k, scale) = (stages::<J, N>(k), &scale[..N]);
    let mut total = 0.0;
    for i in 0..N {
        let ratio = weighted(k, i, false, |j| weights[j]) * h / scale[i];
        total += ratio * ratio;
    }
    total
}

#[inline(always)]
fn divide<const J: usize>(k: &[f64], n: usize, h: f64, weights: &[f64; J], scale: &[f64], out: &mut [f64]) {
    let rows: [&[f64]; J] = std::array::from_fn(|j| &k[j * n..][..n]);
    let (scale, out) = (&scale[..n], &mut out[..n]);
    for i in 0..n {
        let mut sum = -0.0;
        for j in 0..J {
            if weights[j] != 0.0 {
                sum += weights[j] * rows[j][i];
            }
        }
        out[i] = sum * h / scale[i];
    }
}

/// The same functions, but called: an ablation.
pub mod apart {
    use super::Tableau;

    /// What a stage is evaluated at.
    #[inline(never)]
    pub fn stage<T: Tableau, const J: usize>(k: &[f64], n: usize, y: &[f64], h: f64, out: &mut [f64]) {
        super::combine::<J>(k, n, y, h, |j| T::a(J, j), out);
    }

    /// The new state.
    #[inline(never)]
    pub fn result<T: Tableau>(k: &[f64], n: usize, y: &[f64], h: f64, out: &mut [f64]) {
        super::result::<T>(k, n, y, h, out);
    }

    /// The norm of the error.
    #[inline(never)]
    pub fn error_norm<T: Tableau>(k: &[f64], n: usize, h: f64, scale: &mut [f64], spare: &mut [f64]) -> f64 {
        T::error_norm(k, n, h, scale, spare)
    }
}
