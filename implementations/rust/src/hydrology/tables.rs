//! Smooth functions of one variable as tables of Taylor polynomials: a multiplication, a load and seven
//! multiply-adds instead of two square roots and a division, of a power, or of an exponential and a logarithm.
//!
//! A row holds the coefficients about the middle of an interval of width 1/64 (roots) or 7/64 (softplus).
//! The radius of convergence is at least 0.86 and pi: what is cut off is below 1e-16.

use super::airgr::PERCOLATION_EXPONENT;
use std::sync::LazyLock;

const ROWS: usize = 128;
const TERMS: usize = 8;

type Table = [[f64; TERMS]; ROWS + 1];

/// Values of the roots up to which the tables reach.
const ROOT_END: f64 = 2.0;
/// Values of the softplus between which the table reaches.
const SOFTPLUS_END: f64 = 7.0;

/// Up to here the quotient of tanh is exact to rounding.
const TANH_QUOTIENT_END: f64 = 0.6;

/// Rows of the tables of roots for 1.
pub const ROOT_SCALE: f64 = ROWS as f64 / ROOT_END;
/// Rows of the table of the softplus for 1; row 0 is at -7.
pub const SOFTPLUS_SCALE: f64 = ROWS as f64 / (2.0 * SOFTPLUS_END);

static QUARTER_ROOT: LazyLock<Table> =
    LazyLock::new(|| std::array::from_fn(|i| quarter_root_row((i as f64 + 0.5) / ROOT_SCALE)));

static CUBE_ROOT: LazyLock<Table> =
    LazyLock::new(|| std::array::from_fn(|i| cube_root_row((i as f64 + 0.5) / ROOT_SCALE)));

static SOFTPLUS: LazyLock<Table> =
    LazyLock::new(|| std::array::from_fn(|i| softplus_row((i as f64 + 0.5) / SOFTPLUS_SCALE - SOFTPLUS_END)));

/// The tables, made once.
#[derive(Clone, Copy)]
pub struct Tables {
    quarter_root: &'static Table,
    cube_root: &'static Table,
    softplus: &'static Table,
}

impl Tables {
    /// The tables, made at the first call.
    pub fn get() -> Self {
        Self { quarter_root: &QUARTER_ROOT, cube_root: &CUBE_ROOT, softplus: &SOFTPLUS }
    }

    /// 1 - (1 + u^4)^(-1/4) for u >= 0, which is told in rows: u * ROOT_SCALE.
    #[inline(always)]
    pub fn quarter_root_loss(&self, rows: f64) -> f64 {
        if (0.0..ROWS as f64).contains(&rows) {
            lookup(self.quarter_root, rows)
        } else {
            let u = rows / ROOT_SCALE;
            let square = u * u;
            1.0 - 1.0 / (1.0 + square * square).sqrt().sqrt()
        }
    }

    /// (1 + r^3)^(-1/3), with airGR's exponent, for r >= 0, which is told in rows: r * ROOT_SCALE.
    #[inline(always)]
    pub fn cube_root_share(&self, rows: f64) -> f64 {
        if (0.0..ROWS as f64).contains(&rows) {
            lookup(self.cube_root, rows)
        } else {
            let r = rows / ROOT_SCALE;
            (1.0 + r * r * r).powf(-PERCOLATION_EXPONENT)
        }
    }

    /// ln(1 + exp(a)) for -7 <= a <= 7, which is told in rows: a * SOFTPLUS_SCALE; else nothing.
    #[inline(always)]
    pub fn softplus(&self, rows: f64) -> Option<f64> {
        let row = rows + 0.5 * ROWS as f64;
        (0.0..=ROWS as f64).contains(&row).then(|| lookup(self.softplus, row))
    }
}

/// tanh(x) as numerator and denominator; x >= 0. Small x: the continued fraction of Lambert.
#[inline(always)]
pub fn tanh_quotient(x: f64) -> (f64, f64) {
    if x <= TANH_QUOTIENT_END {
        let y = x * x;
        let numerator = x * ((135135.0 + 17325.0 * y) + (378.0 + y) * (y * y));
        let denominator = (135135.0 + 62370.0 * y) + (3150.0 + 28.0 * y) * (y * y);
        (numerator, denominator)
    } else {
        tanh_far(x)
    }
}

/// The same where the continued fraction is not exact; seldom called, and so out of the loop's way.
#[cold]
#[inline(never)]
fn tanh_far(x: f64) -> (f64, f64) {
    let e = (2.0 * if x > 13.0 { 13.0 } else { x }).exp();
    (e - 1.0, e + 1.0)
}

/// The polynomial of the row that `x`, counted in rows and within 0 and `ROWS`, falls into.
#[inline(always)]
fn lookup(table: &Table, x: f64) -> f64 {
    // SAFETY: every caller has compared x with both ends, and the table has a row for each, `ROWS` included.
    let (row, c) = unsafe {
        let row = x.to_int_unchecked::<i64>();
        (row, table.get_unchecked(row as usize))
    };
    let h = x - row as f64 - 0.5;
    let h2 = h * h;
    let low = (c[0] + c[1] * h) + (c[2] + c[3] * h) * h2;
    let high = (c[4] + c[5] * h) + (c[6] + c[7] * h) * h2;
    low + high * (h2 * h2)
}

/// Coefficients, in rows, of 1 - (1 + u^4)^(-1/4) about u = c.
fn quarter_root_row(c: f64) -> [f64; TERMS] {
    let w = [1.0 + c.powi(4), 4.0 * c.powi(3), 6.0 * c * c, 4.0 * c, 1.0];
    let mut row = in_rows(power(w, -0.25), ROOT_SCALE).map(|value| -value);
    row[0] += 1.0;
    row
}

/// Coefficients, in rows, of (1 + r^3)^(-1/3) about r = c.
fn cube_root_row(c: f64) -> [f64; TERMS] {
    let w = [1.0 + c.powi(3), 3.0 * c * c, 3.0 * c, 1.0, 0.0];
    in_rows(power(w, -PERCOLATION_EXPONENT), ROOT_SCALE)
}

/// Coefficients of the power of a polynomial, term by term (the recurrence of J. C. P. Miller).
fn power(w: [f64; 5], exponent: f64) -> [f64; TERMS] {
    let mut terms = [0.0; TERMS];
    terms[0] = w[0].powf(exponent);
    for n in 1..TERMS {
        let factor = |k: usize| (exponent + 1.0) * k as f64 - n as f64;
        let sum: f64 = (1..=n.min(4)).map(|k| factor(k) * w[k] * terms[n - k]).sum();
        terms[n] = sum / (n as f64 * w[0]);
    }
    terms
}

/// Coefficients, in rows, of ln(1 + exp(a)) about a = c: the logistic function integrated term by term.
fn softplus_row(c: f64) -> [f64; TERMS] {
    let mut logistic = [0.0; TERMS];
    logistic[0] = 1.0 / (1.0 + (-c).exp());
    for n in 1..TERMS {
        let square: f64 = (0..n).map(|k| logistic[k] * logistic[n - 1 - k]).sum();
        logistic[n] = (logistic[n - 1] - square) / n as f64;
    }
    let integral = std::array::from_fn(|n| if n == 0 { c.exp().ln_1p() } else { logistic[n - 1] / n as f64 });
    in_rows(integral, SOFTPLUS_SCALE)
}

/// The same coefficients for a variable that is counted in rows.
fn in_rows(mut coefficients: [f64; TERMS], scale: f64) -> [f64; TERMS] {
    let mut power = 1.0;
    for value in &mut coefficients {
        *value *= power;
        power /= scale;
    }
    coefficients
}
