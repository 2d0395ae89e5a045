//! Constants and small functions that GR2M, GR6J and CemaNeige share, with airGR's values.
//!
//! airGR's Fortran writes several constants in single precision; see `_airgr.py` for why we keep that.

/// 0.9f: share of effective rain that goes through the first hydrograph.
pub const SPLIT: f64 = 0.89999997615814209;
/// 0.4f: share of it that the exponential store takes.
pub const EXPONENTIAL_SHARE: f64 = 0.40000000596046448;
/// (1/3)f: GR2M's percolation.
pub const PERCOLATION_EXPONENT: f64 = 0.3333333432674408;
/// 0.1f: CemaNeige's smallest melt speed.
pub const MELT_MINIMUM: f64 = 0.10000000149011612;
/// (9/4)^4, exact.
pub const PERCOLATION_CONSTANT: f64 = 25.62890625;

/// tanh(min(x, 13)) in airGR's form; x >= 0.
#[inline(always)]
pub fn tanh_capped(x: f64) -> f64 {
    // Not `x.min(13.0)`: its rule for NaN costs two instructions on the critical path.
    let e = (2.0 * if x > 13.0 { 13.0 } else { x }).exp();
    (e - 1.0) / (e + 1.0)
}

/// 1 - (1 + r4)^(-1/4), as two square roots.
#[inline(always)]
pub fn quarter_root_loss(r4: f64) -> f64 {
    1.0 - 1.0 / (1.0 + r4).sqrt().sqrt()
}

/// r^4 as two squarings.
#[inline(always)]
pub fn fourth_power(r: f64) -> f64 {
    let square = r * r;
    square * square
}
