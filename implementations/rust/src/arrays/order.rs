//! Order statistics and counts: bindings of `order_select`, and bincount.

use super::arguments::{Given, InPlace, Target, checks, scalar};
use super::bind::{Answer, Out};
use super::order_select::{Counts, MARGIN, Pass, median, pass, quantiles, sorted_median};
use super::scalars::count;
use super::workspace::with_workspace;
use pyo3::prelude::*;
use rayon::prelude::*;

/// The pass that suits the processor.
fn fastest() -> Pass {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("popcnt") {
        return |values, low, high, kept| {
            // SAFETY: the processor has both.
            unsafe { super::order_select::pass_avx512(values, low, high, kept) }
        };
    }
    pass
}

/// The pass shared out among the threads; what they keep is then moved together.
fn shared(values: &[f64], low: f64, high: f64, kept: &mut [f64]) -> Counts {
    let part = values.len().div_ceil(rayon::current_num_threads()).max(1 << 14);
    let parts = values.par_chunks(part).zip(kept.par_chunks_mut(part));
    let found: Vec<Counts> = parts
        .map(|(values, kept)| {
            // A part of `kept` has no margin: its last values are passed one by one.
            let (most, last) = values.split_at(values.len().saturating_sub(MARGIN));
            let mut counts = fastest()(most, low, high, kept);
            for &value in last {
                let one = pass(&[value], low, high, &mut [0.0; 2]);
                kept[counts.inside.min(kept.len() - 1)] = value;
                counts = counts.and(&one);
            }
            counts
        })
        .collect();
    let mut total = Counts::default();
    for (i, counts) in found.iter().enumerate() {
        kept.copy_within(i * part..i * part + counts.inside, total.inside);
        total = total.and(counts);
    }
    total
}

fn median_by<'py>(x: &Bound<'py, PyAny>, pass: Pass) -> Answer<'py> {
    let given: Given = Given::new("x", x)?;
    let values = given.values();
    scalar(x.py(), with_workspace(values.len() + MARGIN, |kept| median(values, pass, kept)))
}

/// `arrays_median(x)`.
#[pyfunction]
pub fn arrays_median<'py>(x: &Bound<'py, PyAny>) -> Answer<'py> {
    median_by(x, fastest())
}

/// `arrays_median_portable(x)`: without AVX-512.
#[pyfunction]
pub fn arrays_median_portable<'py>(x: &Bound<'py, PyAny>) -> Answer<'py> {
    median_by(x, pass)
}

/// `arrays_median_rayon(x)`.
#[pyfunction]
pub fn arrays_median_rayon<'py>(x: &Bound<'py, PyAny>) -> Answer<'py> {
    median_by(x, shared)
}

/// `arrays_median_sorted(x)`.
#[pyfunction]
pub fn arrays_median_sorted<'py>(x: &Bound<'py, PyAny>) -> Answer<'py> {
    let given: Given = Given::new("x", x)?;
    let values = given.values();
    scalar(x.py(), with_workspace(values.len(), |sorted| sorted_median(values, sorted)))
}

fn percentile_by<'py>(
    x: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    out: Out<'_, 'py>,
    pass: Pass,
) -> Answer<'py> {
    let given = Given::new("x", x)?.at_least("x", 1)?;
    let asked: Given = Given::with_ndim("q", q, 1)?;
    if !asked.values().iter().all(|q| (0.0..=100.0).contains(q)) {
        checks(x.py(), "percentages")?.call1(("q", q))?; // raises
    }
    let mut target: Target = Target::new(x.py(), out, asked.shape(), &[&given, &asked], InPlace::No)?;
    let values = given.values();
    let shares: Vec<f64> = asked.values().iter().map(|q| q / 100.0).collect();
    with_workspace(values.len() + MARGIN, |kept| quantiles(values, &shares, target.values_mut(), pass, kept));
    target.finish()
}

/// `arrays_percentile(x, q, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, q, out=None))]
pub fn arrays_percentile<'py>(
    x: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    percentile_by(x, q, out, fastest())
}

/// `arrays_percentile_rayon(x, q, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, q, out=None))]
pub fn arrays_percentile_rayon<'py>(
    x: &Bound<'py, PyAny>,
    q: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    percentile_by(x, q, out, shared)
}

/// Count the values 0, 1, ... in as many counters; false, at the first value that has none.
///
/// Four counters a value, so that a count need not wait for the one before it.
pub fn bincount(values: &[i64], counters: &mut [i64]) -> bool {
    const FEW: usize = 4096;
    counters.fill(0);
    if counters.len() > FEW {
        return tally(values, counters);
    }
    let mut tables = vec![0_i64; 3 * counters.len()];
    let (second, rest) = tables.split_at_mut(counters.len());
    let (third, fourth) = rest.split_at_mut(counters.len());
    let (chunks, last) = values.as_chunks::<4>();
    for &[a, b, c, d] in chunks {
        let places = (counters.get_mut(a as usize), second.get_mut(b as usize));
        let others = (third.get_mut(c as usize), fourth.get_mut(d as usize));
        let ((Some(a), Some(b)), (Some(c), Some(d))) = (places, others) else { return false };
        (*a, *b, *c, *d) = (*a + 1, *b + 1, *c + 1, *d + 1);
    }
    for (((counter, second), third), fourth) in counters.iter_mut().zip(second).zip(third).zip(fourth) {
        *counter += *second + *third + *fourth;
    }
    tally(last, counters)
}

fn tally(values: &[i64], counters: &mut [i64]) -> bool {
    for &value in values {
        let Some(counter) = counters.get_mut(value as usize) else { return false };
        *counter += 1;
    }
    true
}

/// `arrays_bincount(x, minlength, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, minlength, out=None))]
pub fn arrays_bincount<'py>(
    x: &Bound<'py, PyAny>,
    minlength: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    let given: Given<i64> = Given::with_ndim("x", x, 1)?;
    let length = count("minlength", minlength)?;
    let mut target: Target<i64>;
    if out.is_none() {
        target = Target::new(x.py(), None, &[length], &[&given], InPlace::No)?;
        if bincount(given.values(), target.values_mut()) {
            return target.finish();
        }
    }
    // Either `out` must be found as long as the answer, or there are values beyond minlength, or below zero,
    // which are the largest of all when they are taken for numbers without a sign.
    let most = given.values().iter().fold(0, |most, &value| most.max(value as u64));
    if most > i64::MAX as u64 {
        checks(x.py(), "bins")?.call1(("x", x, length))?; // raises
    }
    let length = if given.count() == 0 { length } else { length.max(most as usize + 1) };
    target = Target::new(x.py(), out, &[length], &[&given], InPlace::No)?;
    bincount(given.values(), target.values_mut());
    target.finish()
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_median, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_median_portable, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_median_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_median_sorted, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_percentile, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_percentile_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_bincount, module)?)?;
    Ok(())
}
