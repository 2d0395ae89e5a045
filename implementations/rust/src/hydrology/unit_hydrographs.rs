//! The two unit hydrographs of GR6J: 20 and 40 daily ordinates. Source: `_unit_hydrographs.py`.

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
