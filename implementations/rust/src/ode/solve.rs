//! `solve_ivp` for a right-hand side in Python: from a request to a record.

use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::bdf::Bdf;
use super::callback::Callback;
use super::events::{Event, Events};
use super::function::Function;
use super::lapack::lapack;
use super::linear::{Dense, Linear};
use super::pairs::{Dop853, Rk23, Rk45};
use super::radau::Radau;
use super::reader::{matrix_not_indexed, matrix_refused};
use super::recorder::{Record, Wanted, record};
use super::rk::Rk;
use super::segments::Segments;
use super::sparse::Sparse;
use super::system::{Counts, Method, Settings, System};

/// What `paceline_models.ode._request.Request` holds: its docstring tells what is what.
#[derive(FromPyObject)]
pub struct Request<'py> {
    fun: Bound<'py, PyAny>,
    args: Bound<'py, PyTuple>,
    method: String,
    t0: f64,
    t_bound: f64,
    y0: PyReadonlyArray1<'py, f64>,
    y0_given: Bound<'py, PyAny>,
    rtol: PyReadonlyArray1<'py, f64>,
    atol: PyReadonlyArray1<'py, f64>,
    max_step: f64,
    first_step: Option<f64>,
    newton_tol: f64,
    vectorized: bool,
    jac: Option<Bound<'py, PyAny>>,
    constant: Option<PyReadonlyArray1<'py, f64>>,
    sparse: Option<Bound<'py, PyAny>>,
    events: Option<Vec<(Bound<'py, PyAny>, f64, f64)>>,
    t_eval: Option<PyReadonlyArray1<'py, f64>>,
    dense_output: bool,
    as_floats: Bound<'py, PyAny>,
    warn_singular: Bound<'py, PyAny>,
    ablation: Option<String>,
}

/// Times, states (rows), times and states of events, grid, segments, counts, status.
type Answer<'py> = (
    Bound<'py, PyArray1<f64>>,
    Bound<'py, PyArray2<f64>>,
    Option<Vec<(Vec<f64>, Vec<f64>)>>,
    Vec<f64>,
    Option<Segments>,
    Numbers,
    i32,
);
/// What was done, as `numbers` tells it.
pub type Numbers = (usize, usize, usize, usize, usize, usize);

/// Solve an initial-value problem whose right-hand side is a Python function.
#[pyfunction]
pub fn ode_solve<'py>(py: Python<'py>, request: Request<'py>) -> PyResult<Answer<'py>> {
    let settings = request.settings()?;
    let n = settings.y0.len();
    let mut system = request.system(n)?;
    let mut events = request.events(n);
    let t_eval = request.t_eval.as_ref().map(|times| times.as_slice()).transpose()?;
    let wanted = Wanted {
        t_bound: settings.t_bound,
        direction: settings.direction(),
        t_eval,
        dense: request.dense_output,
        copied: false,
        events: events.as_mut().map(|events| (events, &request.y0_given)),
    };
    let kept = request.run(&mut system, settings, wanted)?;
    let segments = request.dense_output.then(|| Segments::new(n, kept.segments));
    Ok((
        PyArray1::from_vec(py, kept.t),
        rows(py, kept.y, n)?,
        events.map(Events::into_found),
        kept.grid,
        segments,
        numbers(&kept.counts),
        kept.status,
    ))
}

/// States that stand one behind another, as an array (m, n).
pub fn rows(py: Python<'_>, y: Vec<f64>, n: usize) -> PyResult<Bound<'_, PyArray2<f64>>> {
    let m = y.len() / n;
    PyArray1::from_vec(py, y).reshape([m, n])
}

/// nfev, njev, nlu, accepted and rejected steps, all right-hand sides.
pub fn numbers(counts: &Counts) -> Numbers {
    let all = counts.nfev + counts.differences;
    (counts.nfev, counts.njev, counts.nlu, counts.steps, counts.rejected, all)
}

impl<'py> Request<'py> {
    fn ablated(&self, name: &str) -> bool {
        self.ablation.as_deref() == Some(name)
    }

    fn settings(&self) -> PyResult<Settings> {
        let settings = Settings {
            t0: self.t0,
            t_bound: self.t_bound,
            y0: self.y0.as_slice()?.to_vec(),
            rtol: self.rtol.as_slice()?.to_vec(),
            atol: self.atol.as_slice()?.to_vec(),
            max_step: self.max_step,
            first_step: self.first_step,
            newton_tol: self.newton_tol,
            fresh_workspace: self.ablated("alloc_workspace"),
        };
        let n = settings.y0.len();
        if n == 0 || settings.rtol.len() != n || settings.atol.len() != n {
            return Err(PyValueError::new_err("state and tolerances must have the same length, not 0"));
        }
        Ok(settings)
    }

    fn system(&self, n: usize) -> PyResult<Callback<'py>> {
        let jac = self.jac.as_ref().map(|jac| Function::new(jac, &self.args));
        let fun = Function::new(&self.fun, &self.args);
        let fresh = self.ablated("fresh_arrays");
        let conversions = (&self.as_floats, &self.warn_singular);
        let system = Callback::new(fun, jac, n, self.vectorized, fresh, conversions)?;
        let differences = self.constant.is_none() && self.sparse.is_none();
        Ok(match self.method.as_str() {
            "BDF" | "Radau" if differences => system.refusing_matrices(matrix_not_indexed),
            "Radau" if n == 1 => system,
            "BDF" | "Radau" => system.refusing_matrices(matrix_refused),
            _ => system,
        })
    }

    fn events(&self, n: usize) -> Option<Events<'py>> {
        let events = self.events.as_ref()?.iter().map(|(function, limit, direction)| Event {
            function: Function::new(function, &self.args),
            limit: *limit,
            direction: *direction,
            count: 0.0,
            value: 0.0,
            times: Vec::new(),
            states: Vec::new(),
        });
        let fresh = self.ablated("fresh_event_buffers");
        Some(Events::new(events.collect(), n, &self.as_floats, fresh))
    }

    fn run(
        &self,
        system: &mut Callback<'py>,
        settings: Settings,
        wanted: Wanted<'_, 'py>,
    ) -> PyResult<Record> {
        match self.method.as_str() {
            "RK23" => drive(Rk::<Rk23>::new(system, settings), system, wanted),
            "RK45" => drive(Rk::<Rk45>::new(system, settings), system, wanted),
            "DOP853" => drive(Rk::<Dop853>::new(system, settings), system, wanted),
            _ => match &self.sparse {
                Some(solver) => self.implicit(system, settings, Sparse::new(solver), wanted),
                None => {
                    let start = self.constant.as_ref().map(|j| j.as_slice().map(<[f64]>::to_vec));
                    let (start, lapack) = (start.transpose()?, Some(lapack(system.py())?));
                    let constant = start.is_some() && self.jac.is_none();
                    let dense = Dense::new(settings.y0.len(), &settings.atol, start, constant, lapack);
                    self.implicit(system, settings, dense, wanted)
                }
            },
        }
    }

    fn implicit<L: Linear<Callback<'py>>>(
        &self,
        system: &mut Callback<'py>,
        settings: Settings,
        linear: L,
        wanted: Wanted<'_, 'py>,
    ) -> PyResult<Record> {
        if self.method == "BDF" {
            drive(Bdf::new(system, settings, linear), system, wanted)
        } else {
            drive(Radau::new(system, settings, linear), system, wanted)
        }
    }
}

/// Let a method, which its first evaluations may have stopped, take all steps.
pub fn drive<S: System, M: Method<S>>(
    method: Result<M, S::Stop>,
    system: &mut S,
    wanted: Wanted<'_, '_>,
) -> PyResult<Record>
where
    PyErr: From<S::Stop>,
{
    record(system, method?, wanted)
}
