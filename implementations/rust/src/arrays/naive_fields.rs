//! Chains on fields and series as array libraries without fusion run them: slices are views, and every
//! operation is a loop of its own into a new array. Sums are in series. No fused operations.

use super::pipelines_image::{HIGH, LOW, WEIGHTS};
use super::pipelines_signal::WINDOW;

/// A rectangle of a row-major field.
#[derive(Clone, Copy)]
struct View<'a> {
    values: &'a [f64],
    stride: usize,
    rows: usize,
    columns: usize,
}

/// An array of its own.
struct Field {
    values: Vec<f64>,
    rows: usize,
    columns: usize,
}

impl<'a> View<'a> {
    fn new(values: &'a [f64], columns: usize) -> Self {
        Self { values, stride: columns, rows: values.len() / columns, columns }
    }

    /// The part without so many rows and columns before and after.
    fn without(self, above: usize, below: usize, left: usize, right: usize) -> Self {
        let (rows, columns) = (self.rows - above - below, self.columns - left - right);
        Self { values: &self.values[above * self.stride + left..], rows, columns, ..self }
    }

    fn row(self, i: usize) -> &'a [f64] {
        &self.values[i * self.stride..][..self.columns]
    }

    /// An operation on each element.
    fn each(self, f: impl Fn(f64) -> f64) -> Field {
        let mut values = Vec::with_capacity(self.rows * self.columns);
        for i in 0..self.rows {
            values.extend(self.row(i).iter().map(|&x| f(x)));
        }
        Field { values, rows: self.rows, columns: self.columns }
    }

    /// An operation on each element and another's.
    fn with(self, other: View<'_>, f: impl Fn(f64, f64) -> f64) -> Field {
        let mut values = Vec::with_capacity(self.rows * self.columns);
        for i in 0..self.rows {
            values.extend(self.row(i).iter().zip(other.row(i)).map(|(&x, &y)| f(x, y)));
        }
        Field { values, rows: self.rows, columns: self.columns }
    }

    fn plus(self, other: View<'_>) -> Field {
        self.with(other, |x, y| x + y)
    }

    fn minus(self, other: View<'_>) -> Field {
        self.with(other, |x, y| x - y)
    }

    fn times(self, other: View<'_>) -> Field {
        self.with(other, |x, y| x * y)
    }
}

impl Field {
    fn view(&self) -> View<'_> {
        View { values: &self.values, stride: self.columns, rows: self.rows, columns: self.columns }
    }

    fn sum(&self) -> f64 {
        self.values.iter().sum()
    }
}

/// Five-point Laplacian of the inner points, by five operations.
pub fn laplacian(field: &[f64], width: usize, answer: &mut [f64]) {
    let u = View::new(field, width);
    let sum = u.without(2, 0, 1, 1).plus(u.without(0, 2, 1, 1));
    let sum = sum.view().plus(u.without(1, 1, 2, 0));
    let sum = sum.view().plus(u.without(1, 1, 0, 2));
    let centre = u.without(1, 1, 1, 1).each(|centre| 4.0 * centre);
    answer.copy_from_slice(&sum.view().minus(centre.view()).values);
}

/// Edges of an image, by 18 operations.
pub fn image(pixels: &[[f64; 3]], width: usize, answer: &mut [f64]) {
    let weighted: Vec<[f64; 3]> =
        pixels.iter().map(|&[r, g, b]| [r * WEIGHTS[0], g * WEIGHTS[1], b * WEIGHTS[2]]).collect();
    let grey: Vec<f64> = weighted.iter().map(|[red, green, blue]| red + green + blue).collect();
    let clipped = View::new(&grey, width).each(|grey| {
        let raised = if grey < LOW { LOW } else { grey };
        if raised > HIGH { HIGH } else { raised }
    });
    let stretched = clipped.view().each(|grey| grey - LOW);
    let stretched = stretched.view().each(|grey| grey / (HIGH - LOW));
    let s = stretched.view();
    let along = s.without(0, 0, 0, 2).plus(s.without(0, 0, 1, 1));
    let along = along.view().plus(s.without(0, 0, 2, 0));
    let along = along.view().each(|sum| sum / 3.0);
    let a = along.view();
    let smooth = a.without(0, 2, 0, 0).plus(a.without(1, 1, 0, 0));
    let smooth = smooth.view().plus(a.without(2, 0, 0, 0));
    let smooth = smooth.view().each(|sum| sum / 3.0);
    let s = smooth.view();
    let across = s.without(1, 1, 2, 0).minus(s.without(1, 1, 0, 2));
    let down = s.without(2, 0, 1, 1).minus(s.without(0, 2, 1, 1));
    let (across, down) = (across.view().times(across.view()), down.view().times(down.view()));
    let length = across.view().plus(down.view()).view().each(f64::sqrt);
    answer.copy_from_slice(&length.view().each(|length| f64::from(u8::from(length > 0.5))).values);
}

/// Roughness of a signal of at least 3 values by windows, an array for every operation.
pub fn signal(values: &[f64], answer: &mut [f64]) {
    let (x, n) = (View::new(values, values.len()), values.len() as f64);
    let middle = (n - 1.0) / 2.0;
    let places: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
    let time = View::new(&places, values.len()).each(|place| place - middle);
    let slope = time.view().times(x).sum() / time.view().times(time.view()).sum();
    let mean = values.iter().sum::<f64>() / n;
    let trend = time.view().each(|time| time * slope);
    let flat = x.each(|x| x - mean).view().minus(trend.view());
    let smooth = smoothed(&flat.values);
    let steps: Vec<f64> = smooth.windows(2).map(|pair| pair[1] - pair[0]).collect();
    for (steps, answer) in steps.chunks_exact(WINDOW).zip(answer) {
        let steps = View::new(steps, WINDOW);
        let mean = steps.values.iter().sum::<f64>() / WINDOW as f64;
        let off = steps.each(|step| step - mean);
        *answer = off.view().times(off.view()).sum() / WINDOW as f64;
    }
}

/// Weights of a quarter, a half and a quarter, and zeros beyond the ends.
fn smoothed(x: &[f64]) -> Vec<f64> {
    let padded = [&[0.0], x, &[0.0]].concat();
    padded.windows(3).map(|near| 0.25 * near[0] + 0.5 * near[1] + 0.25 * near[2]).collect()
}
