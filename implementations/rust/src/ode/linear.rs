//! The linear side of the implicit methods: a Jacobian, and what Newton's iteration solves with it.

use numpy::Complex64;

use super::differences::Differences;
use super::lapack::{Lapack, Routines};
use super::lu::{self, Number, Scalar};
use super::system::{Counts, NotFinite, System, known};

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
        if known::<S>() > 0 { known::<S>() } else { self.n }
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
        self.real.factor(system, n, &self.jacobian, |j| -(s * j), d)
    }

    fn factor_complex(&mut self, system: &mut S, d: Complex64) -> Result<(), S::Stop> {
        let n = self.width::<S>();
        self.complex.factor(system, n, &self.jacobian, |j| Complex64::new(-j, 0.0), d)
    }

    fn solve(&mut self, _system: &mut S, b: &mut [f64]) -> Result<(), S::Stop> {
        Ok(self.real.solve::<S>(self.width::<S>(), b)?)
    }

    fn solve_complex(&mut self, _system: &mut S, b: &mut [Complex64]) -> Result<(), S::Stop> {
        Ok(self.complex.solve::<S>(self.width::<S>(), b)?)
    }
}

struct Factors<T> {
    matrix: Vec<T>,
    pivots: Vec<i32>,
    lapack: Option<Routines<T>>,
}

/// How to decompose, and how long the columns of the matrix are.
enum Way<T> {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Wide,
    Lapack(Routines<T>),
}

impl<T: Number> Factors<T> {
    fn new(lapack: Option<Routines<T>>) -> Self {
        Self { matrix: Vec::new(), pivots: Vec::new(), lapack }
    }

    #[inline(always)]
    fn way<S: System>(&self, n: usize) -> Way<T> {
        match self.lapack {
            Some(lapack) => Way::Lapack(lapack),
            // Loops of a few numbers that the compiler knows are faster still.
            #[cfg(target_arch = "x86_64")]
            None if known::<S>() == 0 && lu::wide::suits(n) => Way::Wide,
            None => Way::Plain,
        }
    }

    /// Factor the matrix of `entry(j)` for the entries j of a Jacobian, with `d` added on the diagonal.
    #[inline]
    fn factor<S: System>(
        &mut self,
        system: &mut S,
        n: usize,
        jacobian: &[f64],
        entry: impl Fn(f64) -> T,
        d: T,
    ) -> Result<(), S::Stop> {
        let stride = match self.way::<S>(n) {
            #[cfg(target_arch = "x86_64")]
            Way::Wide => lu::wide::stride::<T>(n),
            _ => n,
        };
        self.matrix.resize(n * stride, T::ZERO);
        self.pivots.resize(n, 0);
        let mut finite = true;
        for (i, column) in self.matrix.chunks_exact_mut(stride).enumerate() {
            for (v, j) in column.iter_mut().zip(&jacobian[i * n..][..n]) {
                *v = entry(*j);
            }
            column[i] += d;
            finite &= all_finite(&column[..n]).is_ok();
        }
        if !finite {
            return Err(NotFinite.into());
        }
        let singular = match self.way::<S>(n) {
            Way::Plain => lu::factor(&mut self.matrix, n, &mut self.pivots),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: `way` has asked whether it suits.
            Way::Wide => unsafe { lu::wide::factor(&mut self.matrix, n, &mut self.pivots) },
            Way::Lapack(lapack) => lapack.factor(&mut self.matrix, n, &mut self.pivots),
        };
        singular.map_or(Ok(()), |pivot| system.singular(pivot))
    }

    #[inline(always)]
    fn solve<S: System>(&mut self, n: usize, b: &mut [T]) -> Result<(), NotFinite> {
        all_finite(b)?;
        match self.way::<S>(n) {
            Way::Plain => lu::solve(&self.matrix, n, &self.pivots, b),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Way::Wide => unsafe { lu::wide::solve(&self.matrix, n, &self.pivots, b) },
            Way::Lapack(lapack) => lapack.solve(&mut self.matrix, n, &mut self.pivots, b),
        }
        Ok(())
    }
}

/// SciPy checks matrices and right sides before it hands them to LAPACK.
#[inline]
pub fn all_finite<T: Scalar>(values: &[T]) -> Result<(), NotFinite> {
    // Without leaving early: then several are looked at at once.
    if values.iter().fold(true, |all, v| all & v.finite()) { Ok(()) } else { Err(NotFinite) }
}
