//! One update of the optimiser Adam (Kingma and Ba 2015): one loop over four arrays that fills three.

/// An update: of weights, gradient, first and second moments into new weights and moments, one after the other.
pub type Adam = fn(given: [&[f64]; 4], answer: &mut [f64]);

/// The constants that the workload has.
const RATE: f64 = 0.001;
const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f64 = 1e-8;
const STEP: i32 = 100;

/// One loop.
pub fn adam(given: [&[f64]; 4], answer: &mut [f64]) {
    let n = given[0].len();
    let (weights, moments) = answer.split_at_mut(n);
    let (first, second) = moments.split_at_mut(n);
    part(given, [weights, first, second]);
}

/// The same for a part of the arrays.
pub fn part(given: [&[f64]; 4], new: [&mut [f64]; 3]) {
    let n = given[0].len();
    let [weights, gradient, first, second] = given.map(|array| &array[..n]);
    let [new_weights, new_first, new_second] = new.map(|array| &mut array[..n]);
    let (correction1, correction2) = (1.0 - BETA1.powi(STEP), 1.0 - BETA2.powi(STEP));
    for i in 0..n {
        let g = gradient[i];
        let m = BETA1 * first[i] + (1.0 - BETA1) * g;
        let v = BETA2 * second[i] + (1.0 - BETA2) * (g * g);
        new_weights[i] = weights[i] - RATE * (m / correction1) / ((v / correction2).sqrt() + EPSILON);
        new_first[i] = m;
        new_second[i] = v;
    }
}

/// One array for every operation, as NumPy does it.
pub fn adam_naive([weights, gradient, first, second]: [&[f64]; 4], answer: &mut [f64]) {
    fn each(x: &[f64], f: impl Fn(f64) -> f64) -> Vec<f64> {
        x.iter().map(|&x| f(x)).collect()
    }
    fn both(x: &[f64], y: &[f64], f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        x.iter().zip(y).map(|(&x, &y)| f(x, y)).collect()
    }
    let (correction1, correction2) = (1.0 - BETA1.powi(STEP), 1.0 - BETA2.powi(STEP));
    let kept = each(first, |m| BETA1 * m);
    let m = both(&kept, &each(gradient, |g| (1.0 - BETA1) * g), |a, b| a + b);
    let squares = both(gradient, gradient, |a, b| a * b);
    let kept = each(second, |v| BETA2 * v);
    let v = both(&kept, &each(&squares, |g| (1.0 - BETA2) * g), |a, b| a + b);
    let step = each(&each(&m, |m| m / correction1), |m| RATE * m);
    let size = each(&each(&each(&v, |v| v / correction2), f64::sqrt), |root| root + EPSILON);
    let change = both(&step, &size, |a, b| a / b);
    let parts = [both(weights, &change, |a, b| a - b), m, v];
    answer.copy_from_slice(&parts.concat());
}
