"""The Rust implementations of the ODE models against SciPy, and the text that was generated for them."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp as scipys

from benchmarks._problems import PROBLEMS

solve_ivp = pytest.importorskip("paceline_models.ode.rust_pyo3").solve_ivp
rust = pytest.importorskip("paceline_models._rust")
ROOT = Path(__file__).parents[1]
SMALL = (
    "vdp_mu1",
    "lotka_volterra",
    "brusselator",
    "arenstorf",
    "pleiades",
    "robertson_t1e5",
    "hires",
    "pollution",
)
METHODS = {"nonstiff": ("RK45", "DOP853"), "stiff": ("BDF", "Radau")}
COUNTS = ("nfev", "njev", "nlu", "nsteps")


def solution(model, implementation, problem, method, **options):
    module = import_module(f"paceline_models.ode.{model}.{implementation}")
    start = np.array(problem.y0)
    if model == "callback":
        return module.run(problem.fun, method, problem.t_span, start, problem.rtol, problem.atol, **options)
    params = np.array(problem.params)
    return module.run(
        problem.rhs, method, problem.t_span, start, params, problem.rtol, problem.atol, **options
    )


CASES = [
    (name, method)
    for name in SMALL
    for method in METHODS["stiff" if name in ("robertson_t1e5", "hires", "pollution") else "nonstiff"]
]


@pytest.mark.parametrize(("name", "method"), CASES)
def test_steps_are_scipys(name, method):
    problem = PROBLEMS[name]
    want = solution("callback", "scipy_driver", problem, method)
    for model, implementation in (
        ("callback", "rust_pyo3"),
        ("compiled", "rust_pyo3"),
        ("compiled", "rust_pointer"),
    ):
        got = solution(model, implementation, problem, method)
        assert [getattr(got, count) for count in COUNTS] == [getattr(want, count) for count in COUNTS]
        assert (got.t.size, got.status) == (want.t.size, 0)
        near = 1e-9 if method in METHODS["nonstiff"] else 100 * problem.rtol
        size = np.maximum(np.abs(want.y[:, -1]), 1.0)
        assert np.max(np.abs(got.y[:, -1] - want.y[:, -1]) / size) < near
        assert got.nrhs_total >= got.nfev


@pytest.mark.parametrize("method", METHODS["stiff"])
@pytest.mark.parametrize("name", ["vdp_mu1000_t3000", "robertson_t1e5", "orego", "e5"])
def test_analytic_jacobians(name, method):
    problem = PROBLEMS[name]
    want = solution("compiled", "scipy_driver", problem, method, jac=True)
    for implementation in ("rust_pyo3", "rust_pointer"):
        got = solution("compiled", implementation, problem, method, jac=True)
        assert got.nrhs_total == got.nfev
        assert abs(got.nfev - want.nfev) <= 0.02 * want.nfev


@pytest.mark.parametrize("method", METHODS["stiff"])
@pytest.mark.parametrize("n", [4, 5, 9, 20, 40, 41])
def test_systems_of_all_ways_to_decompose(n, method):
    """Plain loops, whole registers and LAPACK; matrices with zeros, and pivots off the diagonal."""
    rng = np.random.default_rng(n)
    matrix = np.where(rng.random((n, n)) < 0.3, rng.normal(size=(n, n)), 0.0)
    matrix = 10 * matrix - np.diag(10.0 ** rng.uniform(0, 3, n))
    given = {"method": method, "jac": matrix, "rtol": 1e-4, "atol": 1e-7}
    want = scipys(lambda t, y: matrix @ y, (0.0, 0.1), np.ones(n), **given)
    got = solve_ivp(lambda t, y: matrix @ y, (0.0, 0.1), np.ones(n), **given)
    assert [got.nfev, got.njev, got.nlu, got.t.size] == [want.nfev, want.njev, want.nlu, want.t.size]
    np.testing.assert_allclose(got.y[:, -1], want.y[:, -1], rtol=0, atol=1e-10)


@pytest.mark.parametrize("ablation", ["rust_alloc_workspace", "rust_fresh_arrays"])
def test_ablations_change_nothing_but_time(ablation):
    for name, method in (("vdp_mu1", "RK45"), ("vdp_mu1", "DOP853"), ("hires", "BDF"), ("hires", "Radau")):
        got = solution("callback", ablation, PROBLEMS[name], method)
        want = solution("callback", "rust_pyo3", PROBLEMS[name], method)
        np.testing.assert_array_equal(got.y, want.y)
        assert got[2:] == want[2:]


def test_compiled_refuses_what_does_not_fit():
    start, none, span = np.ones(2), np.empty(0), (0.0, 1.0)
    for problem, method, y0, params in (
        ("nonsense", "RK45", start, none),
        ("vdp", "RK46", start, np.ones(1)),
        ("vdp", "RK45", np.ones(3), np.ones(1)),
        ("vdp", "RK45", start, none),
        ("vdp", "RK45", none, np.ones(1)),
    ):
        with pytest.raises(ValueError, match=r"there is no|equations|length"):
            rust.ode_builtin(problem, method, span, y0, params, 1e-3, np.full(y0.size, 1e-6), False)
    with pytest.raises(ValueError, match="address"):
        rust.ode_pointer(0, "RK45", span, start, none, 1e-3, np.full(2, 1e-6), 0)


def test_coefficients_are_scipys():
    folder = ROOT / "implementations" / "rust"
    written = subprocess.run(
        [sys.executable, folder / "ode_tableaus.py"], capture_output=True, text=True, check=True
    )
    assert (folder / "src" / "ode" / "tableaus.rs").read_text() == written.stdout
