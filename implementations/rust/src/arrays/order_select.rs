//! Order statistics by a sample, a bracket around the wanted ranks, and one pass over the values.
//!
//! After Floyd and Rivest (1975), Communications of the ACM 18, 165. The sample says between which two values
//! the ranks lie; the pass counts what lies below, on and between them, and keeps what lies between; the
//! ranks are then selected among the few that were kept. Where the sample deceived, a selection among all
//! values answers. Order and equality are those of IEEE comparisons; a NaN anywhere makes the answer NaN.

use std::cmp::Ordering;

/// Fewer values are selected from directly.
const FEW: usize = 600;
/// How many standard deviations of the sample's rank lie on each side of the bracket.
const WIDTH: f64 = 4.0;
/// What a pass may write beyond the values that it keeps.
pub const MARGIN: usize = 8;

/// How many values lie around a bracket.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    /// Not below `low`.
    pub from_low: usize,
    /// Above `low`.
    pub above_low: usize,
    /// Above `low`, and below `high`: these are kept.
    pub inside: usize,
    /// Above `low`, and not above `high`.
    pub to_high: usize,
    /// Whether there is a NaN.
    pub nan: bool,
}

impl Counts {
    /// Of two passes over different values.
    pub fn and(&self, other: &Self) -> Self {
        Self {
            from_low: self.from_low + other.from_low,
            above_low: self.above_low + other.above_low,
            inside: self.inside + other.inside,
            to_high: self.to_high + other.to_high,
            nan: self.nan || other.nan,
        }
    }
}

/// One pass over the values; `kept` is longer than they are, by `MARGIN`.
pub type Pass = fn(values: &[f64], low: f64, high: f64, kept: &mut [f64]) -> Counts;

/// The pass of any processor: count by blocks, then append always and go on only past what is kept.
pub fn pass(values: &[f64], low: f64, high: f64, kept: &mut [f64]) -> Counts {
    let mut counts = Counts::default();
    for block in values.chunks(512) {
        let (mut from_low, mut above_low, mut to_high, mut nan) = (0_i64, 0_i64, 0_i64, 0_i64);
        for &value in block {
            from_low += i64::from(value >= low);
            above_low += i64::from(value > low);
            to_high += i64::from((value > low) & (value <= high));
            nan += i64::from(value.is_nan());
        }
        let kept = &mut kept[counts.inside..counts.inside + block.len() + 1];
        let mut inside = 0;
        for &value in block {
            kept[inside] = value;
            inside += usize::from((value > low) & (value < high));
        }
        counts.from_low += from_low as usize;
        counts.above_low += above_low as usize;
        counts.inside += inside;
        counts.to_high += to_high as usize;
        counts.nan |= nan > 0;
    }
    counts
}

/// The same with AVX-512: eight values compared at a time, and what is kept compressed to the left.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,popcnt")]
pub fn pass_avx512(values: &[f64], low: f64, high: f64, kept: &mut [f64]) -> Counts {
    use std::arch::x86_64::*;
    assert!(kept.len() >= values.len() + MARGIN);
    let (lows, highs) = (_mm512_set1_pd(low), _mm512_set1_pd(high));
    let mut nan = 0;
    let mut counts = Counts::default();
    let (chunks, rest) = values.as_chunks::<8>();
    for chunk in chunks {
        // SAFETY: a chunk is eight values.
        let eight = unsafe { _mm512_loadu_pd(chunk.as_ptr()) };
        let above = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(eight, lows);
        let inside = _mm512_mask_cmp_pd_mask::<_CMP_LT_OQ>(above, eight, highs);
        let to_high = _mm512_mask_cmp_pd_mask::<_CMP_LE_OQ>(above, eight, highs);
        nan |= _mm512_cmp_pd_mask::<_CMP_UNORD_Q>(eight, eight);
        // SAFETY: so far at most as many are kept as were read, and eight more than all have room.
        unsafe {
            let place = kept.as_mut_ptr().add(counts.inside);
            _mm512_storeu_pd(place, _mm512_maskz_compress_pd(inside, eight));
        }
        counts.from_low += _mm512_cmp_pd_mask::<_CMP_GE_OQ>(eight, lows).count_ones() as usize;
        counts.above_low += above.count_ones() as usize;
        counts.inside += inside.count_ones() as usize;
        counts.to_high += to_high.count_ones() as usize;
    }
    let last = pass(rest, low, high, &mut kept[counts.inside..]);
    counts.nan = nan != 0;
    counts.and(&last)
}

/// IEEE order of values that are not NaN.
fn order(a: &f64, b: &f64) -> Ordering {
    if a < b {
        Ordering::Less
    } else if a > b {
        Ordering::Greater
    } else {
        Ordering::Equal
    }
}

/// The values of a rank and of the next one, or of the rank twice, in values without NaN, which are reordered.
fn selected(values: &mut [f64], rank: usize, next: usize) -> (f64, f64) {
    let (before, &mut second, _) = values.select_nth_unstable_by(next, order);
    if rank == next {
        return (second, second);
    }
    (before.iter().copied().fold(f64::NEG_INFINITY, |a, b| if b > a { b } else { a }), second)
}

/// A sample of the values, each at a scattered place in its own stretch of them; empty where they are few.
pub fn sample(values: &[f64]) -> Vec<f64> {
    if values.len() < FEW {
        return Vec::new();
    }
    let size = (1.5 * (values.len() as f64).cbrt().powi(2)) as usize;
    let stretch = values.len() / size;
    (0..size as u64)
        .map(|i| {
            values[i as usize * stretch + (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as usize % stretch]
        })
        .collect()
}

/// Two values of the sample between which the ranks of all `count` values are likely to lie.
fn bracket(sample: &mut [f64], count: usize, rank: usize, next: usize) -> (f64, f64) {
    let (size, share) = (sample.len() as f64, 1.0 / count as f64);
    let middle = rank as f64 * share;
    let margin = WIDTH * (size * middle * (1.0 - middle)).sqrt() + 2.0;
    let first = (size * middle - margin).max(0.0) as usize;
    let last = ((size * next as f64 * share + margin) as usize).min(sample.len() - 1);
    let (_, &mut low, above) = sample.select_nth_unstable_by(first, f64::total_cmp);
    let high =
        if last > first { *above.select_nth_unstable_by(last - first - 1, f64::total_cmp).1 } else { low };
    (low, high)
}

/// The values of a rank and of the next one (or of the rank twice), None where a value is NaN.
///
/// `sampled` is the values' `sample`, which is reordered; `kept` is longer than the values by `MARGIN`.
pub fn neighbours(
    values: &[f64],
    sampled: &mut [f64],
    (rank, next): (usize, usize),
    pass: Pass,
    kept: &mut [f64],
) -> Option<(f64, f64)> {
    if !sampled.is_empty() {
        let (low, high) = bracket(sampled, values.len(), rank, next);
        if low <= high {
            let counts = pass(values, low, high, kept);
            if counts.nan {
                return None;
            }
            if let Some(found) = within(&counts, values.len(), low, high, (rank, next), kept) {
                return Some(found);
            }
        }
    }
    let all = &mut kept[..values.len()];
    all.copy_from_slice(values);
    if all.iter().any(|value| value.is_nan()) { None } else { Some(selected(all, rank, next)) }
}

/// The same among what a pass has found; None where a rank lies outside the bracket.
fn within(
    counts: &Counts,
    count: usize,
    low: f64,
    high: f64,
    (rank, next): (usize, usize),
    kept: &mut [f64],
) -> Option<(f64, f64)> {
    let below = count - counts.from_low;
    let first = count - counts.above_low;
    let (end, last) = (first + counts.inside, first + counts.to_high);
    if rank < below || next >= last.max(first) {
        return None;
    }
    let inside = |rank: usize| (first..end).contains(&rank);
    let outside = |rank: usize| if rank < first { low } else { high };
    let kept = &mut kept[..counts.inside];
    Some(match (inside(rank), inside(next)) {
        (true, true) => selected(kept, rank - first, next - first),
        (true, false) => (selected(kept, rank - first, rank - first).0, outside(next)),
        (false, true) => (outside(rank), selected(kept, next - first, next - first).0),
        (false, false) => (outside(rank), outside(next)),
    })
}

/// The median; NaN where a value is NaN or there is none.
pub fn median(values: &[f64], pass: Pass, kept: &mut [f64]) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    let next = values.len() / 2;
    let rank = if values.len().is_multiple_of(2) { next - 1 } else { next };
    match neighbours(values, &mut sample(values), (rank, next), pass, kept) {
        None => f64::NAN,
        Some((low, _)) if rank == next => low,
        Some((low, high)) => (low + high) / 2.0,
    }
}

/// Quantiles (0 to 1) by linear interpolation between neighbours, as NumPy's default; NaN where a value is NaN.
pub fn quantiles(values: &[f64], shares: &[f64], answers: &mut [f64], pass: Pass, kept: &mut [f64]) {
    let mut sampled = sample(values);
    for (&share, answer) in shares.iter().zip(answers) {
        let place = (values.len() - 1) as f64 * share;
        let rank = place.floor();
        let next = (rank as usize + 1).min(values.len() - 1);
        let weight = place - rank;
        let found = neighbours(values, &mut sampled, (rank as usize, next), pass, kept);
        *answer = found.map_or(f64::NAN, |(low, high)| between(low, high, weight));
    }
}

/// NumPy's linear interpolation: from the nearer side.
fn between(low: f64, high: f64, weight: f64) -> f64 {
    let difference = high - low;
    if weight >= 0.5 { high - difference * (1.0 - weight) } else { low + difference * weight }
}

/// The median from a sorted copy, as the seeds' programs had it.
pub fn sorted_median(values: &[f64], sorted: &mut [f64]) -> f64 {
    sorted.copy_from_slice(values);
    sorted.sort_unstable_by(f64::total_cmp);
    let Some((last, first)) = sorted.last().zip(sorted.first()) else { return f64::NAN };
    if last.is_nan() || first.is_nan() {
        return f64::NAN; // a NaN with the sign bit sorts before everything
    }
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) { (sorted[middle - 1] + sorted[middle]) / 2.0 } else { sorted[middle] }
}
