"""RK45 and DOP853 in Numba take SciPy's steps, forwards and backwards; nothing hangs; bad input is named."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ode_runs import NONSTIFF, apart, counts, implementation, solve

from benchmarks._ode import CLOSE_ENCOUNTERS, EXPLICIT_END
from benchmarks._problems import linear

METHODS = ("RK45", "DOP853")
BOTH = [(name, method) for name in NONSTIFF for method in METHODS]


@pytest.mark.parametrize(("name", "method"), BOTH)
def test_steps_are_scipys(name, method):
    problem = NONSTIFF[name]
    got, want = solve("numba_pointer", problem, method), solve("scipy_driver", problem, method)
    assert counts(got) == counts(want)
    assert (got.nrejected, got.nrhs_total, got.status) == (want.nrejected, want.nrhs_total, 0)
    close = CLOSE_ENCOUNTERS if (name, method) == ("arenstorf", "DOP853") else EXPLICIT_END
    assert apart(got, want) < close
    length = abs(problem.t_span[1] - problem.t_span[0])
    np.testing.assert_allclose(got.t, want.t, rtol=0.0, atol=1e-7 * length)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["vdp_mu1", "lotka_volterra", "brusselator"])
def test_backwards_steps_are_scipys(name, method):
    problem = NONSTIFF[name]
    short = (problem.t_span[1], problem.t_span[1] - 3.0)
    got, want = (
        solve(which, problem, method, backwards=True, t_span=short)
        for which in ("numba_pointer", "scipy_driver")
    )
    assert counts(got) == counts(want)
    assert apart(got, want) < EXPLICIT_END
    assert (np.diff(got.t) < 0.0).all()


def test_inlined_equations_and_pointers_give_the_same_bits():
    for method in METHODS:
        one, other = (solve(name, NONSTIFF["vdp_mu1"], method) for name in ("numba_jit", "numba_pointer"))
        np.testing.assert_array_equal(one.t, other.t)
        np.testing.assert_array_equal(one.y, other.y)
        assert one[2:] == other[2:]


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    rtol=st.floats(1e-10, 1e-2),
    atol=st.lists(st.floats(1e-12, 1e-3), min_size=2, max_size=2) | st.floats(1e-12, 1e-3),
    span=st.tuples(st.floats(-5.0, 5.0), st.floats(-5.0, 5.0)),
    y0=st.tuples(st.floats(0.1, 3.0), st.floats(0.1, 3.0)),
)
def test_any_tolerance_interval_and_start(method, rtol, atol, span, y0):
    changed = {"rtol": rtol, "atol": atol, "t_span": span, "y0": y0}
    got, want = (
        solve(which, NONSTIFF["lotka_volterra"], method, **changed)
        for which in ("numba_pointer", "scipy_driver")
    )
    assert counts(got) == counts(want)
    assert got.nrejected == want.nrejected
    assert apart(got, want) < 1e-4 * rtol + EXPLICIT_END


def test_all_accepted_steps_are_kept_and_the_start_is_a_copy():
    problem = NONSTIFF["vdp_mu1"]
    y0 = np.array(problem.y0)
    got = solve("numba_pointer", problem, "RK45", y0=y0)
    assert got.y.shape == (2, got.t.size) == (2, got.nsteps + 1)
    np.testing.assert_array_equal(got.y[:, 0], y0)
    assert not np.shares_memory(got.y, y0)
    assert (got.t[0], got.t[-1]) == problem.t_span


@pytest.mark.parametrize("name", ["scipy_driver", "numba_pointer"])
@pytest.mark.parametrize("method", METHODS)
def test_an_interval_of_no_length_has_two_points(name, method):
    got = solve(name, NONSTIFF["lotka_volterra"], method, t_span=(1.0, 1.0))
    assert got.t.tolist() == [1.0, 1.0]
    assert got.y.tolist() == [[1.0, 1.0], [1.0, 1.0]]
    assert (got.nfev, got.nsteps, got.nrejected, got.status) == (1, 1, 0, 0)


@pytest.mark.parametrize("name", ["numba_pointer", "numba_jit"])
@pytest.mark.parametrize("method", METHODS)
def test_what_cannot_go_on_ends_with_status_minus_one(name, method):
    vdp = NONSTIFF["vdp_mu1"]
    blows_up = solve(name, vdp, method, params=[-1e3], y0=[2.0, 1.0])
    assert blows_up.status == -1
    nan = solve(name, vdp, method, params=[1e308], y0=[1e200, 1e200])
    assert (nan.status, nan.nsteps) == (-1, 0)
    no_tolerance = solve(name, vdp, method, y0=[0.0, 1.0], atol=0.0)
    assert (no_tolerance.status, no_tolerance.nsteps) == (-1, 0)


def test_a_large_system_grows_its_room():
    problem = linear(20_000)
    got = solve("numba_pointer", problem, "RK45", rtol=1e-9, atol=1e-12)
    assert got.nsteps > 64
    assert problem.error(got.y[:, -1]) < 1e-3


# Bad input: the same ValueError for every implementation, with the argument and its value.

BAD = [
    ({"problem": "nothing"}, "problem is 'nothing', but must be one of vdp,"),
    ({"method": "RK23"}, "method is 'RK23', but must be one of RK45, DOP853, Radau, BDF"),
    ({"t_span": 3.0}, "t_span is 3.0, but must be two numbers"),
    ({"t_span": (0.0, 1.0, 2.0)}, "t_span is (0.0, 1.0, 2.0), but must be two numbers"),
    ({"t_span": (0.0, np.inf)}, "but must be finite"),
    ({"y0": [1.0, np.nan]}, "y0[1] is nan, but must be finite"),
    ({"y0": [1.0]}, "y0 has 1 values, but vdp has 2 equations"),
    ({"y0": []}, "y0 is empty"),
    ({"y0": [[1.0, 2.0]]}, "y0 must have 1 dimension, but has shape (1, 2)"),
    ({"y0": [1.0, 1j]}, "y0 must be a sequence of real numbers"),
    ({"y0": "ab"}, "y0 must be a sequence of real numbers"),
    ({"params": [1.0, 2.0]}, "params has 2 values, but vdp has 1 parameters"),
    ({"params": [np.inf]}, "params[0] is inf, but must be finite"),
    ({"rtol": -1e-3}, "rtol is -0.001, but must be finite and >= 0"),
    ({"rtol": np.nan}, "rtol is nan, but must be finite and >= 0"),
    ({"rtol": "fine"}, "rtol is 'fine', but must be a number"),
    ({"atol": -1.0}, "atol is -1.0, but must be finite and >= 0"),
    ({"atol": [1e-6]}, "atol has 1 values, but y0 2"),
    ({"atol": [1e-6, -1e-6]}, "atol[1] is -1e-06, but must be finite and >= 0"),
    ({"atol": [1e-6, np.nan]}, "atol[1] is nan, but must be finite"),
    ({"problem": "lotka", "params": [1.0, 1.0, 1.0, 1.0], "jac": True}, "but lotka has no analytic Jacobian"),
]


@pytest.mark.parametrize(("changed", "text"), BAD)
def test_bad_input_is_named_alike_by_all(changed, text):
    told = set()
    for name in ("scipy_driver", "numba_jit", "numba_pointer"):
        with pytest.raises(ValueError, match=re.escape(text)) as caught:
            solve(name, NONSTIFF["vdp_mu1"], changed.get("method", "RK45"), **changed)
        told.add(str(caught.value))
    assert len(told) == 1


def test_the_compiled_implementations_do_not_change_their_arguments():
    y0, params, atol = np.array([2.0, 0.0]), np.array([1.0]), np.array([1e-8, 1e-6])
    for name in ("scipy_driver", "numba_jit", "numba_pointer"):
        implementation("compiled", name).run("vdp", "RK45", (0.0, 1.0), y0, params, 1e-6, atol)
    assert (y0.tolist(), params.tolist(), atol.tolist()) == ([2.0, 0.0], [1.0], [1e-8, 1e-6])
