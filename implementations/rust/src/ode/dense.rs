//! Interpolants: a step's solution between its ends.

/// How the numbers of a segment are to be read.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// y_old, then Q (n, degree): y = y_old + h Q (x, x^2, ...); Radau's Q already holds h.
    Powers {
        /// Columns of Q.
        degree: usize,
        /// Whether h is multiplied in.
        scaled: bool,
    },
    /// y_old, then F (7, n), in a Horner scheme in which x and 1 - x take turns (DOP853).
    Alternating,
    /// D (order + 1, n): Newton's backward differences (BDF).
    Differences,
}

/// The interpolant of one step.
#[derive(Clone)]
pub struct Segment {
    /// How `data` is to be read.
    pub form: Form,
    /// Start of the step.
    pub t_old: f64,
    /// End of the step.
    pub t: f64,
    /// The step that the interpolant is written in: BDF's is the next one.
    pub h: f64,
    /// BDF's order, else unused.
    pub order: usize,
    /// The coefficients.
    pub data: Vec<f64>,
}

impl Segment {
    /// A segment to be filled.
    pub fn new(form: Form) -> Self {
        Self { form, t_old: 0.0, t: 0.0, h: 0.0, order: 0, data: Vec::new() }
    }

    /// A segment to be filled with about `room` numbers.
    pub fn with_room(room: usize) -> Self {
        Self { data: Vec::with_capacity(room), ..Self::new(Form::Differences) }
    }

    /// Write the solution at `t` into `y`.
    pub fn evaluate(&self, t: f64, y: &mut [f64]) {
        let n = y.len();
        if self.form == Form::Differences {
            return self.differences(t, y);
        }
        let (y_old, rest) = self.data.split_at(n);
        let x = (t - self.t_old) / self.h;
        match self.form {
            Form::Powers { degree, scaled } => {
                let factor = if scaled { self.h } else { 1.0 };
                for ((y, q), y_old) in y.iter_mut().zip(rest.chunks_exact(degree)).zip(y_old) {
                    let mut power = x;
                    let mut sum = q[0] * power;
                    for q in &q[1..] {
                        power *= x;
                        sum += q * power;
                    }
                    *y = factor * sum + y_old;
                }
            }
            _ => {
                y.fill(0.0);
                for (i, f) in rest.chunks_exact(n).rev().enumerate() {
                    let by = if i % 2 == 0 { x } else { 1.0 - x };
                    for (y, f) in y.iter_mut().zip(f) {
                        *y = (*y + f) * by;
                    }
                }
                for (y, y_old) in y.iter_mut().zip(y_old) {
                    *y += y_old;
                }
            }
        }
    }

    fn differences(&self, t: f64, y: &mut [f64]) {
        let n = y.len();
        y.fill(0.0);
        let mut power = 1.0;
        for (j, d) in self.data.chunks_exact(n).skip(1).enumerate() {
            let j = j as f64;
            power *= (t - (self.t - self.h * j)) / (self.h * (1.0 + j));
            for (y, d) in y.iter_mut().zip(d) {
                *y += d * power;
            }
        }
        for (y, d) in y.iter_mut().zip(&self.data) {
            *y += d;
        }
    }
}
