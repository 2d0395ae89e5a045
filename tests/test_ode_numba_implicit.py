"""BDF and Radau in Numba take SciPy's steps where SciPy itself is not noisy, and nothing hangs."""

import numpy as np
import pytest
from ode_runs import apart, counts, solve
from paceline_models.ode._catalogue import WITH_JACOBIAN
from paceline_models.ode._numba.jacobian import FIRST_FACTOR, jacobian
from paceline_models.ode._right_hand_sides import RIGHT_HAND_SIDES, cfunc_of
from scipy.integrate._ivp.common import num_jac

from benchmarks._ode import IMPLICIT, IMPLICIT_END, NOISY, NOISY_COUNT
from benchmarks._problems import PROBLEMS

STIFF = (
    "vdp_mu1000_t2000",
    "vdp_mu1000_t3000",
    "robertson_t1e11",
    "robertson_t1e5",
    "hires",
    "e5",
    "pollution",
)
EVERY = [(name, method, jac) for name in STIFF for method in IMPLICIT for jac in (False, True)]
CASES = [case for case in EVERY if not case[2] or PROBLEMS[case[0]].rhs in WITH_JACOBIAN]


@pytest.mark.parametrize(("name", "method", "jac"), CASES)
def test_steps_are_scipys(name, method, jac):
    problem = PROBLEMS[name]
    got, want = (solve(which, problem, method, jac=jac) for which in ("numba_pointer", "scipy_driver"))
    if (name, method) in NOISY and not jac:
        assert abs(got.nfev / want.nfev - 1.0) < NOISY_COUNT
    else:
        assert counts(got) == counts(want)
        # Whether a column is taken again may hang on the last bit of the state.
        assert abs(got.nrhs_total - want.nrhs_total) <= got.njev
    assert got.status == 0
    assert apart(got, want) < IMPLICIT_END * problem.rtol


@pytest.mark.parametrize("method", IMPLICIT)
def test_oregonator_is_noisy_in_scipy_too(method):
    got, want = (solve(which, PROBLEMS["orego"], method) for which in ("numba_pointer", "scipy_driver"))
    assert abs(got.nfev / want.nfev - 1.0) < NOISY_COUNT
    assert apart(got, want) < IMPLICIT_END * PROBLEMS["orego"].rtol


@pytest.mark.parametrize("name", ["hires", "pollution", "orego", "robertson_t1e5"])
def test_differences_and_their_steps_are_scipys_bit_for_bit(name):
    problem = PROBLEMS[name]
    p, n, threshold = np.array(problem.params), len(problem.y0), np.full(len(problem.y0), problem.atol)
    way = solve("numba_pointer", problem, "Radau")

    def columns(t, y):
        calls.append(y.shape[1])
        out = np.empty((n, y.shape[1]))
        for k in range(y.shape[1]):
            RIGHT_HAND_SIDES[problem.rhs](t, np.ascontiguousarray(y[:, k]), dy, p)
            out[:, k] = dy
        return out

    factors, scipys, f, dy = np.full(n, FIRST_FACTOR), np.full(n, FIRST_FACTOR), np.empty(n), np.empty(n)
    for step in range(0, way.nsteps, 9):
        t, y, calls = way.t[step], np.ascontiguousarray(way.y[:, step]), []
        RIGHT_HAND_SIDES[problem.rhs](t, y, f, p)
        J, work = np.empty((n, n)), np.empty((4, n))
        address = cfunc_of(problem.rhs).address
        told = jacobian(address, 0, False, t, y, f, p, threshold, factors, J, work)
        want, scipys = num_jac(columns, t, y, f, threshold, scipys)
        assert told == sum(calls)
        np.testing.assert_array_equal(J, want)
        np.testing.assert_array_equal(factors, scipys)


@pytest.mark.parametrize("method", IMPLICIT)
def test_calls_for_finite_differences_are_counted(method):
    got = solve("numba_pointer", PROBLEMS["hires"], method)
    own = 1 if method == "BDF" else 0
    assert got.nrhs_total >= got.nfev + got.njev * (8 + own)
    analytic = solve("numba_pointer", PROBLEMS["robertson_t1e5"], method, jac=True)
    assert analytic.nrhs_total == analytic.nfev


@pytest.mark.parametrize("method", IMPLICIT)
def test_tolerance_vectors_and_backward_steps_are_scipys(method):
    changed = {"t_span": (0.0, -0.5), "y0": [2.0, 0.0], "params": [5.0], "atol": [1e-7, 1e-5], "jac": True}
    problem = PROBLEMS["vdp_mu1"]
    got, want = (solve(which, problem, method, **changed) for which in ("numba_pointer", "scipy_driver"))
    assert counts(got) == counts(want)
    assert apart(got, want) < IMPLICIT_END * problem.rtol
    assert (np.diff(got.t) < 0.0).all()


@pytest.mark.slow  # compiles a solver of each method for one problem
@pytest.mark.parametrize("method", IMPLICIT)
def test_inlined_equations_and_pointers_give_the_same_bits(method):
    one, other = (solve(name, PROBLEMS["robertson_t1e5"], method) for name in ("numba_jit", "numba_pointer"))
    np.testing.assert_array_equal(one.y, other.y)
    assert one[2:] == other[2:]


@pytest.mark.parametrize("method", IMPLICIT)
def test_an_interval_of_no_length_has_two_points(method):
    got, want = (
        solve(which, PROBLEMS["robertson_t1e5"], method, t_span=(1.0, 1.0))
        for which in ("numba_pointer", "scipy_driver")
    )
    assert got.t.tolist() == want.t.tolist() == [1.0, 1.0]
    assert counts(got) == counts(want)


@pytest.mark.parametrize("method", IMPLICIT)
def test_what_cannot_go_on_ends_with_status_minus_one(method):
    vdp = PROBLEMS["vdp_mu1"]
    assert solve("numba_pointer", vdp, method, params=[-1e3], y0=[2.0, 1.0]).status == -1
    assert solve("numba_pointer", vdp, method, params=[1e308], y0=[1e200, 1e200]).status == -1
    assert solve("numba_pointer", vdp, method, y0=[0.0, 1.0], atol=0.0).status == -1


@pytest.mark.parametrize("method", IMPLICIT)
def test_the_rod_cools_as_its_eigenmode(method):
    n, t1 = 60, 0.1
    mode = np.sin(np.pi * np.arange(1, n + 1) / (n + 1))
    eigenvalue = 4.0 * (n + 1) ** 2 * np.sin(np.pi / (2 * (n + 1))) ** 2
    dy = np.empty(n)
    RIGHT_HAND_SIDES["heat1d"](0.0, mode, dy, np.empty(0))
    np.testing.assert_allclose(dy, -eigenvalue * mode, rtol=1e-9, atol=1e-9)
    changed = {"problem": "heat1d", "t_span": (0.0, t1), "y0": mode, "params": [], "rtol": 1e-6, "atol": 1e-9}
    got, want = (
        solve(which, PROBLEMS["hires"], method, **changed) for which in ("numba_pointer", "scipy_driver")
    )
    assert counts(got) == counts(want)
    np.testing.assert_allclose(got.y[:, -1], np.exp(-eigenvalue * t1) * mode, rtol=1e-5)
