//! Smooth functions of one variable as tables of Taylor polynomials: a multiplication, a load and seven
//! multiply-adds instead of two square roots and a division, or of an exponential and a logarithm.
//!
//! A row holds the coefficients about the middle of an interval of width 1/64 (quarter root) or 7/64
//! (softplus). The radius of convergence is at least 1 and pi: what is cut off is below 1e-16.

use std::sync::LazyLock;

const ROWS: usize = 128;
const TERMS: usize = 8;

type Table = [[f64; TERMS]; ROWS];

/// Values of the quarter root up to which the table reaches.
pub const QUARTER_ROOT_END: f64 = 2.0;
/// Values of the softplus between which the table reaches.
pub const SOFTPLUS_END: f64 = 7.0;

const QUARTER_ROOT_SCALE: f64 = ROWS as f64 / QUARTER_ROOT_END;
const SOFTPLUS_SCALE: f64 = ROWS as f64 / (2.0 * SOFTPLUS_END);

static QUARTER_ROOT: LazyLock<Table> =
    LazyLock::new(|| std::array::from_fn(|i| quarter_root_row((i as f64 + 0.5) / QUARTER_ROOT_SCALE)));

static SOFTPLUS: LazyLock<Table> = LazyLock::new(|| {
    std::array::from_fn(|i| softplus_row((i as f64 + 0.5) / SOFTPLUS_SCALE - SOFTPLUS_END))
});

/// Both tables, made once.
#[derive(Clone, Copy)]
pub struct Tables {
    quarter_root: &'static Table,
    softplus: &'static Table,
}

impl Tables {
    /// The tables, made at the first call.
    pub fn get() -> Self {
        Self { quarter_root: &QUARTER_ROOT, softplus: &SOFTPLUS }
    }

    /// 1 - (1 + u^4)^(-1/4) for u >= 0.
    #[inline(always)]
    pub fn quarter_root_loss(&self, u: f64) -> f64 {
        if u < QUARTER_ROOT_END {
            lookup(self.quarter_root, u * QUARTER_ROOT_SCALE)
        } else {
            let square = u * u;
            1.0 - 1.0 / (1.0 + square * square).sqrt().sqrt()
        }
    }

    /// ln(1 + exp(a)) for -7 <= a <= 7.
    #[inline(always)]
    pub fn softplus(&self, a: f64) -> f64 {
        lookup(self.softplus, (a + SOFTPLUS_END) * SOFTPLUS_SCALE)
    }
}

/// The polynomial of the row that `x` (in rows) falls into.
#[inline(always)]
fn lookup(table: &Table, x: f64) -> f64 {
    // SAFETY: the callers keep x finite and within 0..=ROWS; `min` and the mask keep the row in the table.
    let row = unsafe { x.to_int_unchecked::<u32>() }.min(ROWS as u32 - 1);
    let h = x - row as f64 - 0.5;
    let c = &table[row as usize & (ROWS - 1)];
    let h2 = h * h;
    let low = (c[0] + c[1] * h) + (c[2] + c[3] * h) * h2;
    let high = (c[4] + c[5] * h) + (c[6] + c[7] * h) * h2;
    low + high * (h2 * h2)
}

/// Coefficients, in rows, of 1 - (1 + u^4)^(-1/4) about u = c: the power of a polynomial, term by term.
fn quarter_root_row(c: f64) -> [f64; TERMS] {
    let w = [1.0 + c.powi(4), 4.0 * c.powi(3), 6.0 * c * c, 4.0 * c, 1.0];
    let mut power = [0.0; TERMS];
    power[0] = w[0].powf(-0.25);
    for n in 1..TERMS {
        let sum: f64 =
            (1..=n.min(4)).map(|k| (0.75 * k as f64 - n as f64) * w[k] * power[n - k]).sum();
        power[n] = sum / (n as f64 * w[0]);
    }
    let mut row = in_rows(power, QUARTER_ROOT_SCALE).map(|value| -value);
    row[0] += 1.0;
    row
}

/// Coefficients, in rows, of ln(1 + exp(a)) about a = c: the logistic function integrated term by term.
fn softplus_row(c: f64) -> [f64; TERMS] {
    let mut logistic = [0.0; TERMS];
    logistic[0] = 1.0 / (1.0 + (-c).exp());
    for n in 1..TERMS {
        let square: f64 = (0..n).map(|k| logistic[k] * logistic[n - 1 - k]).sum();
        logistic[n] = (logistic[n - 1] - square) / n as f64;
    }
    let integral =
        std::array::from_fn(|n| if n == 0 { c.exp().ln_1p() } else { logistic[n - 1] / n as f64 });
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
