//! The compiled regime: right-hand sides that are machine code, solved without the interpreter's lock.

use std::marker::PhantomData;

use numpy::{PyArray1, PyArray2, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::bdf::Bdf;
use super::builtin::*;
use super::lapack::{Lapack, lapack};
use super::linear::Dense;
use super::pairs::{Dop853, Rk45};
use super::radau::Radau;
use super::recorder::{Record, record_all};
use super::rk::Rk;
use super::solve::{Numbers, numbers, rows};
use super::stepping::{EPS, least, most};
use super::system::{NotFinite, Settings, System};

/// Times, states (rows), counts, status.
pub type Answer<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray2<f64>>, Numbers, i32);

/// The methods that need Jacobians.
pub const IMPLICIT: [&str; 2] = ["BDF", "Radau"];

/// A problem that is compiled in.
struct Builtin<'a, P> {
    parameters: &'a [f64],
    analytic: bool,
    problem: PhantomData<P>,
}

impl<P: Problem> System for Builtin<'_, P> {
    const WIDTH: usize = P::WIDTH;
    type Stop = NotFinite;

    #[inline(always)]
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) -> Result<(), NotFinite> {
        // Where the number of equations is known, one check of the lengths is enough.
        let n = if P::WIDTH > 0 { P::WIDTH } else { y.len() };
        P::rhs(t, &y[..n], &mut dy[..n], self.parameters);
        Ok(())
    }

    fn jacobian(&mut self, _t: f64, y: &[f64], columns: &mut [f64]) -> Result<bool, NotFinite> {
        if self.analytic {
            P::jacobian(y, columns, self.parameters);
            transpose(columns, y.len());
        }
        Ok(self.analytic)
    }
}

/// Rows become columns.
pub fn transpose(matrix: &mut [f64], n: usize) {
    for i in 0..n {
        for j in i + 1..n {
            matrix.swap(i * n + j, j * n + i);
        }
    }
}

/// Solve by one of the four methods.
pub fn solve<S: System<Stop = NotFinite>>(
    system: &mut S,
    method: &str,
    settings: Settings,
    lapack: Lapack,
) -> Result<Record, NotFinite> {
    let (t_bound, direction) = (settings.t_bound, settings.direction());
    if !IMPLICIT.contains(&method) {
        return explicit(system, method, settings);
    }
    let linear = Dense::new(settings.y0.len(), &settings.atol, None, false, Some(lapack));
    if method == "BDF" {
        let bdf = Bdf::new(system, settings, linear)?;
        record_all(system, bdf, t_bound, direction)
    } else {
        let radau = Radau::new(system, settings, linear)?;
        record_all(system, radau, t_bound, direction)
    }
}

/// Solve by one of the explicit methods.
pub fn explicit<S: System<Stop = NotFinite>>(
    system: &mut S,
    method: &str,
    settings: Settings,
) -> Result<Record, NotFinite> {
    let (t_bound, direction) = (settings.t_bound, settings.direction());
    if method == "RK45" {
        let rk = Rk::<Rk45>::new(system, settings)?;
        record_all(system, rk, t_bound, direction)
    } else {
        let rk = Rk::<Dop853>::new(system, settings)?;
        record_all(system, rk, t_bound, direction)
    }
}

/// Solve one of the problems that are compiled in; `jac` asks for the analytic Jacobian where there is one.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn ode_builtin<'py>(
    py: Python<'py>,
    problem: &str,
    method: &str,
    t_span: (f64, f64),
    y0: PyReadonlyArray1<'py, f64>,
    params: PyReadonlyArray1<'py, f64>,
    rtol: f64,
    atol: PyReadonlyArray1<'py, f64>,
    jac: bool,
) -> PyResult<Answer<'py>> {
    let settings = settings(method, t_span, &y0, rtol, &atol)?;
    let parameters = params.as_slice()?;
    let n = settings.y0.len();
    let lapack = lapack(py)?;
    macro_rules! dispatch {
        ($($name:literal => $problem:ty),* $(,)?) => {
            match problem {
                $($name => {
                    fits::<$problem>(n, parameters)?;
                    let analytic = jac && <$problem>::ANALYTIC;
                    let mut system = Builtin::<$problem> { parameters, analytic, problem: PhantomData };
                    py.detach(|| solve(&mut system, method, settings, lapack))
                })*
                _ => return Err(PyValueError::new_err(format!("there is no problem {problem:?} here"))),
            }
        };
    }
    let record = dispatch! {
        "vdp" => VanDerPol, "lotka" => LotkaVolterra, "brusselator" => Brusselator, "lorenz" => Lorenz,
        "arenstorf" => Arenstorf, "pleiades" => Pleiades, "linear" => Linear, "robertson" => Robertson,
        "hires" => Hires, "orego" => Oregonator, "e5" => E5, "pollution" => Pollution,
        "ringmod" => RingModulator, "heat1d" => Heat, "fall" => Fall, "cannon" => Cannon,
    };
    answer(py, record, n)
}

/// Check what can be checked here.
pub fn settings(
    method: &str,
    t_span: (f64, f64),
    y0: &PyReadonlyArray1<'_, f64>,
    rtol: f64,
    atol: &PyReadonlyArray1<'_, f64>,
) -> PyResult<Settings> {
    if !["RK45", "DOP853"].contains(&method) && !IMPLICIT.contains(&method) {
        return Err(PyValueError::new_err(format!("there is no method {method:?} here")));
    }
    let (y0, atol) = (y0.as_slice()?.to_vec(), atol.as_slice()?.to_vec());
    if y0.is_empty() || atol.len() != y0.len() || t_span.0 == t_span.1 {
        return Err(PyValueError::new_err("state and tolerances of one length, and an interval, are needed"));
    }
    let rtol = most(rtol, 100.0 * EPS);
    Ok(Settings {
        t0: t_span.0,
        t_bound: t_span.1,
        rtol: vec![rtol; y0.len()],
        y0,
        atol,
        max_step: f64::INFINITY,
        first_step: None,
        newton_tol: most(10.0 * EPS / rtol, least(0.03, rtol.sqrt())),
        fresh_workspace: false,
    })
}

fn fits<P: Problem>(n: usize, parameters: &[f64]) -> PyResult<()> {
    if (P::WIDTH != 0 && n != P::WIDTH) || parameters.len() != P::PARAMETERS {
        let (width, count) = (P::WIDTH, P::PARAMETERS);
        let text = format!("this problem has {width} equations (0: any) and {count} parameters");
        return Err(PyValueError::new_err(text));
    }
    Ok(())
}

/// What Python is given.
pub fn answer(py: Python<'_>, record: Result<Record, NotFinite>, n: usize) -> PyResult<Answer<'_>> {
    let record = record?;
    Ok((PyArray1::from_vec(py, record.t), rows(py, record.y, n)?, numbers(&record.counts), record.status))
}
