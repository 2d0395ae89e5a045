//! Right-hand sides that are C functions somewhere in memory, called by their address.

use numpy::{PyArray2, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::ablations::{Ablated, Slowness};
use super::bdf::Bdf;
use super::compiled::{Answer, IMPLICIT, answer, explicit, settings, solve, transpose};
use super::lapack::{Lapack, lapack};
use super::linear::Dense;
use super::pairs::{Dop853, Rk45};
use super::recorder::{Record, Wanted};
use super::rk::Rk;
use super::segments::Segments;
use super::solve::{Numbers, drive, numbers, rows};
use super::system::{NotFinite, Settings, System};

/// `void f(double t, const double *y, double *dy, const double *p)`.
type Foreign = unsafe extern "C" fn(f64, *const f64, *mut f64, *const f64);

/// A right-hand side somewhere in memory, with `N` equations where that is known, else 0.
struct Pointer<'a, const N: usize> {
    function: Foreign,
    jacobian: Option<Foreign>,
    parameters: &'a [f64],
}

impl<const N: usize> System for Pointer<'_, N> {
    const WIDTH: usize = N;
    type Stop = NotFinite;

    #[inline(always)]
    fn rhs(&mut self, t: f64, y: &[f64], dy: &mut [f64]) -> Result<(), NotFinite> {
        // SAFETY: the caller of `ode_pointer` vouches for the function, and for the lengths it expects.
        unsafe { (self.function)(t, y.as_ptr(), dy.as_mut_ptr(), self.parameters.as_ptr()) };
        Ok(())
    }

    fn jacobian(&mut self, t: f64, y: &[f64], columns: &mut [f64]) -> Result<bool, NotFinite> {
        if let Some(jacobian) = self.jacobian {
            // SAFETY: as above; it writes (n, n) numbers, for which there is room.
            unsafe { jacobian(t, y.as_ptr(), columns.as_mut_ptr(), self.parameters.as_ptr()) };
            transpose(columns, y.len());
        }
        Ok(self.jacobian.is_some())
    }
}

/// Solve with one of the slownesses of `ode_pointer`, or none.
fn solve_ablated<S: System<Stop = NotFinite>>(
    mut system: S,
    method: &str,
    settings: Settings,
    lapack: Lapack,
    slowness: Slowness,
) -> Result<Record, NotFinite> {
    match slowness {
        Slowness::None => solve(&mut system, method, settings, lapack),
        Slowness::Branches => explicit(&mut Ablated::<_, false>(system), method, settings),
        Slowness::Calls => explicit(&mut Ablated::<_, true>(system), method, settings),
    }
}

/// Solve a problem whose right-hand side is the C function at `address`; `params` are handed to it.
///
/// `jac_address` is that of a C function of the same kind that writes the Jacobian row by row, or 0; `ablation`
/// names a slowness of the explicit methods: "alloc_workspace", "tolerance_branch" or "outlined".
#[pyfunction]
#[pyo3(signature = (address, method, t_span, y0, params, rtol, atol, jac_address, ablation=None))]
#[allow(clippy::too_many_arguments)]
pub fn ode_pointer<'py>(
    py: Python<'py>,
    address: usize,
    method: &str,
    t_span: (f64, f64),
    y0: PyReadonlyArray1<'py, f64>,
    params: PyReadonlyArray1<'py, f64>,
    rtol: f64,
    atol: PyReadonlyArray1<'py, f64>,
    jac_address: usize,
    ablation: Option<&str>,
) -> PyResult<Answer<'py>> {
    let mut settings = settings(method, t_span, &y0, rtol, &atol)?;
    settings.fresh_workspace = ablation == Some("alloc_workspace");
    let slowness = slowness(ablation, method)?;
    let function = foreign(address)?;
    // SAFETY: as in `foreign`; 0 stands for none.
    let jacobian = unsafe { std::mem::transmute::<usize, Option<Foreign>>(jac_address) };
    let (n, parameters, lapack) = (settings.y0.len(), params.as_slice()?, lapack(py)?);
    macro_rules! of_width {
        ($width:literal) => {{
            let system = Pointer::<$width> { function, jacobian, parameters };
            py.detach(|| solve_ablated(system, method, settings, lapack, slowness))
        }};
    }
    let record = match n {
        2 => of_width!(2),
        3 => of_width!(3),
        4 => of_width!(4),
        _ => of_width!(0),
    };
    answer(py, record, n)
}

fn slowness(ablation: Option<&str>, method: &str) -> PyResult<Slowness> {
    match ablation {
        None | Some("alloc_workspace") => Ok(Slowness::None),
        Some("tolerance_branch") if !IMPLICIT.contains(&method) => Ok(Slowness::Branches),
        Some("outlined") if !IMPLICIT.contains(&method) => Ok(Slowness::Calls),
        Some(name) => Err(PyValueError::new_err(format!("there is no ablation {name:?} of {method} here"))),
    }
}

fn foreign(address: usize) -> PyResult<Foreign> {
    if address == 0 {
        return Err(PyValueError::new_err("the address of the right-hand side is 0"));
    }
    // SAFETY: that there is such a function at this address is for the caller to say: nothing can check it.
    Ok(unsafe { std::mem::transmute::<usize, Foreign>(address) })
}

/// States (rows) at the times that were asked for, or the grid and the interpolants; counts; status.
type DenseAnswer<'py> = (Bound<'py, PyArray2<f64>>, Vec<f64>, Segments, Numbers, i32);

/// As `ode_pointer`, but with interpolants: of the steps in which one of `times` lies, and the states there; or,
/// without `times`, of all steps, `copied` (an ablation) or moved to where they are kept.
#[pyfunction]
#[allow(clippy::too_many_arguments)]
pub fn ode_pointer_dense<'py>(
    py: Python<'py>,
    address: usize,
    method: &str,
    t_span: (f64, f64),
    y0: PyReadonlyArray1<'py, f64>,
    params: PyReadonlyArray1<'py, f64>,
    rtol: f64,
    atol: PyReadonlyArray1<'py, f64>,
    times: Option<PyReadonlyArray1<'py, f64>>,
    copied: bool,
) -> PyResult<DenseAnswer<'py>> {
    let settings = settings(method, t_span, &y0, rtol, &atol)?;
    let function = foreign(address)?;
    let n = settings.y0.len();
    let mut system = Pointer::<0> { function, jacobian: None, parameters: params.as_slice()? };
    let t_eval = times.as_ref().map(|times| times.as_slice()).transpose()?;
    let (t_bound, direction) = (settings.t_bound, settings.direction());
    let wanted = Wanted { t_bound, direction, t_eval, dense: t_eval.is_none(), copied, events: None };
    let system = &mut system;
    let kept = match method {
        "RK45" => drive(Rk::<Rk45>::new(system, settings), system, wanted),
        "DOP853" => drive(Rk::<Dop853>::new(system, settings), system, wanted),
        "BDF" => {
            let linear = Dense::new(n, &settings.atol, None, false, Some(lapack(py)?));
            drive(Bdf::new(system, settings, linear), system, wanted)
        }
        _ => Err(PyValueError::new_err(format!("there are no interpolants of {method} here"))),
    }?;
    let segments = Segments::new(n, kept.segments);
    Ok((rows(py, kept.y, n)?, kept.grid, segments, numbers(&kept.counts), kept.status))
}
