//! The linear side of the implicit methods: a Jacobian, and what Newton's iteration solves with it.

use numpy::Complex64;

use super::differences::Differences;
use super::lapack::{Lapack, Routines};
use super::lu::{self, Scalar};
use super::system::{Counts, NotFinite, System};

/// Above this many equations LAPACK is faster than a plain loop.
const SMALL: usize = 40;

/// A Jacobian J, and the factors of d I - s J.
pub trait Linear<S: System> {
    /// Whether J never changes.
    fn constant(&self) -> bool;
    /// Take J at (t, y). `f` is f(t, y) where it is known.
    fn evaluate(
        &mut self,
        system: &mut S,
        t: f64,
        y: &[f64],
        f: Option<&[f64]>,
        counts: &mut Counts,
    ) -> Result<(), S::Stop>;
    /// Factor d I - s J.
    fn factor(&mut self, system: &mut S, d: f64, s: f64) -> Result<(), S::Stop>;
    /// Factor d I - J for a complex d.
    fn factor_complex(&mut self, system: &mut S, d: Complex64) -> Result<(), S::Stop>;
    /// Solve with the real factors, in place.
    fn solve(&mut self, system: &mut S, b: &mut [f64]) -> Result<(), S::Stop>;
    /// Solve with the complex factors, in place.
    fn solve_complex(&mut self, system: &mut S, b: &mut [Complex64]) -> Result<(), S::Stop>;
}

/// A dense Jacobian.
pub struct Dense {
    n: usize,
    constant: bool,
    /// Whether the first evaluation has been made already.
    started: bool,
    jacobian: Vec<f64>,
    differences: Differences,
    real: Factors<f64>,
    complex: Factors<Complex64>,
}

impl Dense {
    /// A Jacobian that will be evaluated. `start` is its value at the start, column by column, where that is
    /// known; `constant` says that there is no other.
    pub fn new(
        n: usize,
        atol: &[f64],
        start: Option<Vec<f64>>,
        constant: bool,
        lapack: Option<Lapack>,
    ) -> Self {
        let lapack = lapack.filter(|_| n > SMALL);
        Self {
            n,
            constant,
            started: start.is_some(),
            jacobian: start.unwrap_or_else(|| vec![0.0; n * n]),
            differences: Differences::new(atol),
            real: Factors::new(lapack.map(|l| l.real)),
            complex: Factors::new(lapack.map(|l| l.complex)),
        }
    }

    /// The number of equations: a constant wherever the system knows it.
    #[inline(always)]
    fn width<S: System>(&self) -> usize {
        if S::WIDTH > 0 { S::WIDTH } else { self.n }
    }
}

impl<S: System> Linear<S> for Dense {
    fn constant(&self) -> bool {
        self.constant
    }

    fn evaluate(
        &mut self,
        system: &mut S,
        t: f64,
        y: &[f64],
        f: Option<&[f64]>,
        counts: &mut Counts,
    ) -> Result<(), S::Stop> {
        counts.njev += 1;
        if std::mem::take(&mut self.started) {
            return Ok(());
        }
        if system.jacobian(t, y, &mut self.jacobian)? {
            return Ok(());
        }
        self.differences.jacobian(system, t, y, f, &mut self.jacobian, counts)
    }

    fn factor(&mut self, system: &mut S, d: f64, s: f64) -> Result<(), S::Stop> {
        let n = self.width::<S>();
        self.real.factor(system, n, |a| {
            a.extend(self.jacobian.iter().map(|j| -(s * j)));
            for i in 0..n {
                a[i * n + i] += d;
            }
        })
    }

    fn factor_complex(&mut self, system: &mut S, d: Complex64) -> Result<(), S::Stop> {
        let n = self.width::<S>();
        self.complex.factor(system, n, |a| {
            a.extend(self.jacobian.iter().map(|j| Complex64::new(-j, 0.0)));
            for i in 0..n {
                a[i * n + i] += d;
            }
        })
    }

    fn solve(&mut self, _system: &mut S, b: &mut [f64]) -> Result<(), S::Stop> {
        Ok(self.real.solve(self.width::<S>(), b)?)
    }

    fn solve_complex(&mut self, _system: &mut S, b: &mut [Complex64]) -> Result<(), S::Stop> {
        Ok(self.complex.solve(self.width::<S>(), b)?)
    }
}

struct Factors<T> {
    matrix: Vec<T>,
    pivots: Vec<i32>,
    lapack: Option<Routines<T>>,
}

impl<T: Scalar> Factors<T> {
    fn new(lapack: Option<Routines<T>>) -> Self {
        Self { matrix: Vec::new(), pivots: Vec::new(), lapack }
    }

    #[inline]
    fn factor<S: System>(
        &mut self,
        system: &mut S,
        n: usize,
        fill: impl FnOnce(&mut Vec<T>),
    ) -> Result<(), S::Stop> {
        self.matrix.clear();
        fill(&mut self.matrix);
        self.pivots.resize(n, 0);
        all_finite(&self.matrix)?;
        let singular = match &self.lapack {
            Some(lapack) => lapack.factor(&mut self.matrix, n, &mut self.pivots),
            None => lu::factor(&mut self.matrix, n, &mut self.pivots),
        };
        singular.map_or(Ok(()), |pivot| system.singular(pivot))
    }

    #[inline(always)]
    fn solve(&mut self, n: usize, b: &mut [T]) -> Result<(), NotFinite> {
        all_finite(b)?;
        match &self.lapack {
            Some(lapack) => lapack.solve(&mut self.matrix, n, &mut self.pivots, b),
            None => lu::solve(&self.matrix, n, &self.pivots, b),
        }
        Ok(())
    }
}

/// SciPy checks matrices and right sides before it hands them to LAPACK.
#[inline]
pub fn all_finite<T: Scalar>(values: &[T]) -> Result<(), NotFinite> {
    if values.iter().all(|v| v.finite()) { Ok(()) } else { Err(NotFinite) }
}
