//! The two unit hydrographs of GR6J: 20 and 40 daily ordinates. Source: `_unit_hydrographs.py`.

use super::airgr::SPLIT;

/// Number of ordinates of the first hydrograph.
pub const LENGTH_1: usize = 20;
/// Number of ordinates of the second hydrograph.
pub const LENGTH_2: usize = 40;

/// Both hydrographs: ordinates, and how many entries are shifted a day (later ordinates are zero).
pub struct UnitHydrographs {
    /// Ordinates of the first.
    pub o1: [f64; LENGTH_1],
    /// Ordinates of the second.
    pub o2: [f64; LENGTH_2],
    /// Entries of the first that are shifted, at most 19.
    pub n1: usize,
    /// Entries of the second that are shifted, at most 39.
    pub n2: usize,
}

impl UnitHydrographs {
    /// The hydrographs of time base `x4` days.
    pub fn new(x4: f64) -> Self {
        let days = (x4 + 1.0).min(LENGTH_1 as f64) as usize;
        Self {
            o1: std::array::from_fn(|i| s_curve_1(i as f64 + 1.0, x4) - s_curve_1(i as f64, x4)),
            o2: std::array::from_fn(|i| s_curve_2(i as f64 + 1.0, x4) - s_curve_2(i as f64, x4)),
            n1: days.min(LENGTH_1 - 1),
            n2: (2 * days).min(LENGTH_2 - 1),
        }
    }

    /// Send a day's runoff into both hydrographs; returns what leaves them: Q9 and Q1.
    ///
    /// Short ones are written out, each for its own length: the compiler would make vector loops of them, which
    /// take longer to enter than three entries take to shift.
    #[inline(always)]
    pub fn route(&self, u1: &mut [f64; LENGTH_1], u2: &mut [f64; LENGTH_2], runoff: f64) -> (f64, f64) {
        let fast = SPLIT * runoff;
        let slow = (1.0 - SPLIT) * runoff;
        match self.n1 {
            1 => self.shift::<1, 2>(u1, u2, fast, slow),
            2 => self.shift::<2, 4>(u1, u2, fast, slow),
            3 => self.shift::<3, 6>(u1, u2, fast, slow),
            4 => self.shift::<4, 8>(u1, u2, fast, slow),
            5 => self.shift::<5, 10>(u1, u2, fast, slow),
            _ => {
                shift(u1, &self.o1, self.n1.min(LENGTH_1 - 1), fast);
                shift(u2, &self.o2, self.n2.min(LENGTH_2 - 1), slow);
            }
        }
        u1[LENGTH_1 - 1] = self.o1[LENGTH_1 - 1] * fast;
        u2[LENGTH_2 - 1] = self.o2[LENGTH_2 - 1] * slow;
        (u1[0], u2[0])
    }

    #[inline(always)]
    fn shift<const N1: usize, const N2: usize>(
        &self,
        u1: &mut [f64; LENGTH_1],
        u2: &mut [f64; LENGTH_2],
        fast: f64,
        slow: f64,
    ) {
        shift(u1, &self.o1, N1, fast);
        shift(u2, &self.o2, N2, slow);
    }
}

/// Shift the first `n` entries of a hydrograph by a day, and add to each its share of the inflow.
#[inline(always)]
fn shift<const LENGTH: usize>(u: &mut [f64; LENGTH], o: &[f64; LENGTH], n: usize, inflow: f64) {
    for k in 0..n {
        u[k] = u[k + 1] + o[k] * inflow;
    }
}

fn s_curve_1(i: f64, x4: f64) -> f64 {
    if i <= 0.0 {
        0.0
    } else if i < x4 {
        (i / x4).powf(2.5)
    } else {
        1.0
    }
}

fn s_curve_2(i: f64, x4: f64) -> f64 {
    if i <= 0.0 {
        0.0
    } else if i <= x4 {
        0.5 * (i / x4).powf(2.5)
    } else if i < 2.0 * x4 {
        1.0 - 0.5 * (2.0 - i / x4).powf(2.5)
    } else {
        1.0
    }
}
