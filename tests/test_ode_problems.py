"""The ODE problems: published digits, Python and compiled equations alike, Jacobians, C functions."""

import ctypes
import pickle

import numpy as np
import pytest
from ode_runs import NONSTIFF, solve
from paceline_models.ode._catalogue import SIZES, WITH_JACOBIAN
from paceline_models.ode._right_hand_sides import JACOBIANS, RIGHT_HAND_SIDES, cfunc_of

from benchmarks import _callbacks
from benchmarks._problems import PROBLEMS, linear

RING = "ring_modulator"  # a hundred thousand steps, at any tolerance
STIFF = [name for name in PROBLEMS if name not in NONSTIFF and name != RING]
PYTHON = [name for name in PROBLEMS if PROBLEMS[name].fun is not None]
DIGITS = {"arenstorf": 1e-7, "lorenz_t20": 1e-8, "robertson_t1e11": 1e-8, "e5": 2e-3}


def near(problem, seed):
    """Return states around the start and the end of a problem."""
    rng = np.random.default_rng(seed)
    for state in (problem.y0, problem.end):
        yield np.array(state) * rng.uniform(0.9, 1.1, len(state)) + rng.uniform(0.0, 1e-3, len(state))


@pytest.mark.parametrize("name", NONSTIFF)
def test_nonstiff_problems_end_at_the_published_digits(name):
    problem = NONSTIFF[name]
    got = solve("numba_pointer", problem, "DOP853", rtol=1e-13, atol=1e-15)
    assert problem.error(got.y[:, -1]) < DIGITS.get(name, 1e-9)


@pytest.mark.parametrize("name", STIFF)
def test_stiff_problems_end_at_the_published_digits(name):
    problem = PROBLEMS[name]
    got = solve("numba_pointer", problem, "Radau", rtol=1e-10, atol=problem.atol * 1e-6)
    assert problem.error(got.y[:, -1]) < DIGITS.get(name, 1e-7)


@pytest.mark.parametrize("name", [*PYTHON, "linear_n10"])
def test_python_and_compiled_equations_are_alike(name):
    problem = PROBLEMS.get(name, linear(10))
    for y in near(problem, 1):
        dy = np.empty(y.size)
        RIGHT_HAND_SIDES[problem.rhs](0.3, y, dy, np.array(problem.params))
        before = y.copy()
        np.testing.assert_allclose(
            problem.fun(0.3, y), dy, rtol=1e-12, atol=1e-300 + 1e-13 * np.abs(dy).max()
        )
        np.testing.assert_array_equal(y, before)


@pytest.mark.parametrize("name", [name for name in STIFF if PROBLEMS[name].rhs in WITH_JACOBIAN])
def test_jacobians_are_the_derivatives(name):
    problem = PROBLEMS[name]
    p = np.array(problem.params)
    for y in near(problem, 2):
        n = y.size
        J, up, down = np.full((n, n), np.nan), np.empty(n), np.empty(n)
        JACOBIANS[problem.rhs](0.0, y, J, p)
        for k in range(n):
            step = 1e-6 * max(abs(y[k]), 1e-30)
            for sign, out in ((1.0, up), (-1.0, down)):
                moved = y.copy()
                moved[k] += sign * step
                RIGHT_HAND_SIDES[problem.rhs](0.0, moved, out, p)
            # What cancels in the difference is the rounding of the largest terms.
            slack = 1e-15 * np.abs(J @ np.diag(y)).max() / step + 1e-7 * np.abs(J).max()
            np.testing.assert_allclose(J[:, k], (up - down) / (2 * step), rtol=1e-6, atol=slack)


def test_every_problem_has_the_size_that_it_is_said_to_have():
    for problem in [*PROBLEMS.values(), linear(3)]:
        equations, parameters = SIZES[problem.rhs]
        assert len(problem.params) == parameters
        assert equations in (0, len(problem.y0))
        assert len(problem.end) == len(problem.y0)
        assert problem.atol > 0.0
    assert set(RIGHT_HAND_SIDES) == set(SIZES)


def test_a_c_function_computes_what_its_equations_do():
    doubles = ctypes.POINTER(ctypes.c_double)
    kind = ctypes.CFUNCTYPE(None, ctypes.c_double, doubles, doubles, doubles)
    y, p, dy, want = np.array([1.5, 0.5]), np.array([2.0]), np.zeros(2), np.zeros(2)
    RIGHT_HAND_SIDES["vdp"](0.0, y, want, p)
    function = kind(cfunc_of("vdp").address)
    function(0.0, *(x.ctypes.data_as(doubles) for x in (y, dy, p)))
    np.testing.assert_array_equal(dy, want)
    J, want = np.zeros((2, 2)), np.zeros((2, 2))
    JACOBIANS["vdp"](0.0, y, want, p)
    kind(cfunc_of("vdp", jac=True).address)(0.0, *(x.ctypes.data_as(doubles) for x in (y, J, p)))
    np.testing.assert_array_equal(J, want)
    assert cfunc_of("vdp") is cfunc_of("vdp")


@pytest.mark.parametrize(("problem", "n"), [("linear", None), ("vdp", 3), ("heat1d", 0)])
def test_a_c_function_needs_its_size(problem, n):
    with pytest.raises(ValueError, match=f"n is {n}, but {problem} has"):
        cfunc_of(problem, n)


def test_the_seeds_functions_are_the_published_ones():
    assert _callbacks.van_der_pol(0.0, [2.0, 0.5]) == [0.5, 1.0 * (1.0 - 2.0**2) * 0.5 - 2.0]
    assert _callbacks.van_der_pol_stiff(0.0, [2.0, 0.5]) == [0.5, 1000.0 * (1.0 - 2.0**2) * 0.5 - 2.0]
    assert (_callbacks.linear_system(0.0, np.ones(3)) == -1.0).all()


def test_right_hand_sides_travel_between_processes_by_their_names():
    for name in PYTHON:
        function = PROBLEMS[name].fun
        assert pickle.loads(pickle.dumps(function)) is function


def test_errors_are_relative_absolute_or_of_some_components():
    hires, arenstorf, e5 = (PROBLEMS[name] for name in ("hires", "arenstorf", "e5"))
    assert hires.error(hires.end) == 0.0
    assert hires.error(np.array(hires.end) * 1.01) == pytest.approx(0.01)
    assert arenstorf.error(np.array(arenstorf.end) + 1e-3) == pytest.approx(1e-3)
    assert e5.error([1.0, *e5.end[1:3], 1.0]) == 0.0
