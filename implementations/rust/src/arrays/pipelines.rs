//! Bindings of the pipelines, alone and shared out among the threads.

use super::arguments::{Argument, Given, InPlace, Target, checks};
use super::bind::{Answer, Out};
use super::dispatch::dispatch;
use super::matmul_product::{Product, tiled};
use super::naive_fields;
use super::pipelines_adam::{Adam, adam, adam_naive};
use super::pipelines_image::image;
use super::pipelines_signal::{Signal, Trend, WINDOW};
use super::share::{fair, share, share_chunks};
use super::workspace::with_workspace;
use pyo3::prelude::*;

/// Rows of an answer, or windows, that a thread takes at a time.
const ROWS: usize = 32;

/// Rows of a batch that go through both layers before the next.
const BATCH: usize = 96;

/// Fills the edges of an image with `width` columns, at least 5.
type Edges = fn(pixels: &[[f64; 3]], width: usize, answer: &mut [f64]);

fn image_alone(pixels: &[[f64; 3]], width: usize, answer: &mut [f64]) {
    with_workspace(7 * width, |workspace| image(pixels, width, workspace, answer));
}

fn image_shared(pixels: &[[f64; 3]], width: usize, answer: &mut [f64]) {
    let out = width - 4;
    let rows = fair(answer.len() / out, ROWS, 1);
    share_chunks(answer, rows * out, |part, answer| {
        let height = answer.len() / out + 4;
        image_alone(&pixels[part * rows * width..][..height * width], width, answer);
    });
}

fn edges<'py>(rgb: &Bound<'py, PyAny>, out: Out<'_, 'py>, run: Edges) -> Answer<'py> {
    let given: Given = Given::with_ndim("rgb", rgb, 3)?;
    let &[height, width, colours] = given.shape() else { unreachable!("it has three dimensions") };
    if colours != 3 {
        checks(rgb.py(), "coloured")?.call1(("rgb", rgb))?; // raises
    }
    let shape = [height.saturating_sub(4), width.saturating_sub(4)];
    let mut target: Target = Target::new(rgb.py(), out, &shape, &[&given], InPlace::No)?;
    let answer = target.values_mut();
    if !answer.is_empty() {
        run(given.values().as_chunks::<3>().0, width, answer);
    }
    target.finish()
}

/// Define `name(x, out=None)` by what runs and how.
macro_rules! of_one {
    ($($(#[$doc:meta])* $name:ident($x:ident) = $bound:ident($run:path);)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = ($x, out=None))]
        pub fn $name<'py>($x: &Bound<'py, PyAny>, out: Option<&Bound<'py, PyAny>>) -> Answer<'py> {
            $bound($x, out, $run)
        }
    )*};
}

of_one! {
    /// `arrays_image(rgb, out=None)`.
    arrays_image(rgb) = edges(image_alone);
    /// `arrays_image_rayon(rgb, out=None)`.
    arrays_image_rayon(rgb) = edges(image_shared);
    /// `arrays_image_naive(rgb, out=None)`.
    arrays_image_naive(rgb) = edges(naive_fields::image);
    /// `arrays_signal(x, out=None)`.
    arrays_signal(x) = roughness(signal_alone);
    /// `arrays_signal_rayon(x, out=None)`.
    arrays_signal_rayon(x) = roughness(signal_shared);
    /// `arrays_signal_naive(x, out=None)`.
    arrays_signal_naive(x) = roughness(naive_fields::signal);
}

/// A layer's weights (inputs, outputs) and biases.
struct Layer<'a> {
    weights: &'a [f64],
    biases: &'a [f64],
}

impl Layer<'_> {
    fn apply(&self, inputs: &[f64], outputs: &mut [f64]) {
        let n = self.biases.len();
        let k = self.weights.len().checked_div(n).unwrap_or(0);
        tiled(&mut Product { a: inputs, b: self.weights, c: outputs, k, n });
        for row in outputs.chunks_exact_mut(n.max(1)) {
            for (value, bias) in row.iter_mut().zip(self.biases) {
                *value += bias;
            }
        }
    }
}

/// Both layers for some rows of the batch.
fn forward(x: &[f64], [first, second]: &[Layer<'_>; 2], hidden: &mut [f64], answer: &mut [f64]) {
    first.apply(x, hidden);
    for value in hidden.iter_mut() {
        *value = if *value < 0.0 { 0.0 } else { *value };
    }
    second.apply(hidden, answer);
}

fn layers<'py>(asked: [&Bound<'py, PyAny>; 5], out: Out<'_, 'py>, parallel: bool) -> Answer<'py> {
    let given: [Given; 5] = [
        Given::with_ndim("x", asked[0], 2)?,
        Given::with_ndim("w1", asked[1], 2)?,
        Given::with_ndim("b1", asked[2], 1)?,
        Given::with_ndim("w2", asked[3], 2)?,
        Given::with_ndim("b2", asked[4], 1)?,
    ];
    let [x, w1, b1, w2, b2] = &given;
    let ([b, i], [i1, h]) = (x.sides(), w1.sides());
    let ([h2, o], [h1, o2]) = (w2.sides(), [b1.count(), b2.count()]);
    if i != i1 || h != h1 || h != h2 || o != o2 {
        checks(asked[0].py(), "layered")?.call1((asked[0], asked[1], asked[2], asked[3], asked[4]))?; // raises
    }
    let mut target: Target = Target::new(asked[0].py(), out, &[b, o], &[x, w1, b1, w2, b2], InPlace::No)?;
    let layers = [
        Layer { weights: w1.values(), biases: b1.values() },
        Layer { weights: w2.values(), biases: b2.values() },
    ];
    let (x, answer) = (x.values(), target.values_mut());
    let part = |part: usize, answer: &mut [f64]| {
        let rows = answer.len() / o;
        let x = &x[part * BATCH * i..][..rows * i];
        with_workspace(rows * h, |hidden| forward(x, &layers, hidden, answer));
    };
    if answer.is_empty() {
    } else if parallel {
        share_chunks(answer, BATCH * o, part);
    } else {
        answer.chunks_mut(BATCH * o).enumerate().for_each(|(number, answer)| part(number, answer));
    }
    target.finish()
}

/// `arrays_mlp(x, w1, b1, w2, b2, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, w1, b1, w2, b2, out=None))]
pub fn arrays_mlp<'py>(
    x: &Bound<'py, PyAny>,
    w1: &Bound<'py, PyAny>,
    b1: &Bound<'py, PyAny>,
    w2: &Bound<'py, PyAny>,
    b2: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    layers([x, w1, b1, w2, b2], out, false)
}

/// `arrays_mlp_rayon(x, w1, b1, w2, b2, out=None)`.
#[pyfunction]
#[pyo3(signature = (x, w1, b1, w2, b2, out=None))]
pub fn arrays_mlp_rayon<'py>(
    x: &Bound<'py, PyAny>,
    w1: &Bound<'py, PyAny>,
    b1: &Bound<'py, PyAny>,
    w2: &Bound<'py, PyAny>,
    b2: &Bound<'py, PyAny>,
    out: Option<&Bound<'py, PyAny>>,
) -> Answer<'py> {
    layers([x, w1, b1, w2, b2], out, true)
}

/// Fills the variances of the windows of a signal, of at least 3 values.
type Roughness = fn(values: &[f64], answer: &mut [f64]);

fn signal_alone(values: &[f64], answer: &mut [f64]) {
    let trend = dispatch(Trend(values));
    dispatch(Signal { values, trend, first: 0, answer });
}

fn signal_shared(values: &[f64], answer: &mut [f64]) {
    let trend = dispatch(Trend(values));
    share_chunks(answer, ROWS, |part, answer| {
        dispatch(Signal { values, trend, first: part * ROWS, answer });
    });
}

fn roughness<'py>(x: &Bound<'py, PyAny>, out: Out<'_, 'py>, run: Roughness) -> Answer<'py> {
    let given: Given = Given::with_ndim("x", x, 1)?.at_least("x", 3)?;
    let shape = [(given.count() - 1) / WINDOW];
    let mut target: Target = Target::new(x.py(), out, &shape, &[&given], InPlace::No)?;
    run(given.values(), target.values_mut());
    target.finish()
}

fn updated<'py>(asked: [&Bound<'py, PyAny>; 4], out: Out<'_, 'py>, update: Adam) -> Answer<'py> {
    let weights: Given = Given::with_ndim("weights", asked[0], 1)?;
    let gradient = Given::like("gradient", asked[1], "weights", &weights)?;
    let first = Given::like("first", asked[2], "weights", &weights)?;
    let second = Given::like("second", asked[3], "weights", &weights)?;
    let n = weights.count();
    let all: [&dyn Argument<'py>; 4] = [&weights, &gradient, &first, &second];
    let mut target: Target = Target::new(asked[0].py(), out, &[3, n], &all, InPlace::No)?;
    update([weights.values(), gradient.values(), first.values(), second.values()], target.values_mut());
    target.finish()
}

/// Shared out among the threads.
fn adam_shared([weights, gradient, first, second]: [&[f64]; 4], answer: &mut [f64]) {
    const PART: usize = 1 << 13;
    let count = weights.len();
    let (new_weights, rest) = answer.split_at_mut(count);
    let (new_first, new_second) = rest.split_at_mut(count);
    let new = [new_weights, new_first, new_second].map(|new| new.as_mut_ptr() as usize);
    share(count.div_ceil(PART), |task| {
        let some = task * PART..count.min((task + 1) * PART);
        let given = [weights, gradient, first, second].map(|given| &given[some.clone()]);
        // SAFETY: within the answer, which is borrowed until all parts are done; no two parts meet.
        let new = new.map(|new| unsafe {
            std::slice::from_raw_parts_mut((new as *mut f64).add(some.start), some.len())
        });
        super::pipelines_adam::part(given, new);
    });
}

/// Define `name(weights, gradient, first, second, out=None)` by an update.
macro_rules! updates {
    ($($(#[$doc:meta])* $name:ident = $update:ident;)*) => {$(
        $(#[$doc])*
        #[pyfunction]
        #[pyo3(signature = (weights, gradient, first, second, out=None))]
        pub fn $name<'py>(
            weights: &Bound<'py, PyAny>,
            gradient: &Bound<'py, PyAny>,
            first: &Bound<'py, PyAny>,
            second: &Bound<'py, PyAny>,
            out: Option<&Bound<'py, PyAny>>,
        ) -> Answer<'py> {
            updated([weights, gradient, first, second], out, $update)
        }
    )*};
}

updates! {
    /// `arrays_adam(weights, gradient, first, second, out=None)`.
    arrays_adam = adam;
    /// `arrays_adam_naive(weights, gradient, first, second, out=None)`.
    arrays_adam_naive = adam_naive;
    /// `arrays_adam_rayon(weights, gradient, first, second, out=None)`.
    arrays_adam_rayon = adam_shared;
}

/// Add these functions to the extension.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(arrays_image, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_image_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_image_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_mlp, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_mlp_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_signal, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_signal_rayon, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_signal_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_adam, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_adam_naive, module)?)?;
    module.add_function(wrap_pyfunction!(arrays_adam_rayon, module)?)?;
    Ok(())
}
