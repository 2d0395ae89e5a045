"""The callback model: the lean NumPy rewrite takes SciPy's steps, and the user's function is free."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ode_runs import NONSTIFF, apart, counts, implementation

from benchmarks._ode import CLOSE_ENCOUNTERS, EXPLICIT_END
from benchmarks._problems import PROBLEMS

METHODS = ("RK45", "DOP853")
BOTH = [(name, method) for name in NONSTIFF for method in METHODS]
OWN = ("scipy_driver", "pure_numpy")


def solve(name, fun, method, span, y0, rtol=1e-6, atol=1e-8, jac=None):
    return implementation("callback", name).run(fun, method, span, y0, rtol, atol, jac)


def both(problem, method, **changed):
    given = {"span": problem.t_span, "y0": problem.y0, "rtol": problem.rtol, "atol": problem.atol} | changed
    return [solve(name, problem.fun, method, **given) for name in ("pure_numpy", "scipy_driver")]


@pytest.mark.parametrize(("name", "method"), BOTH)
def test_steps_are_scipys(name, method):
    got, want = both(NONSTIFF[name], method)
    assert counts(got) == counts(want)
    assert got[5:] == want[5:]
    assert apart(got, want) < (CLOSE_ENCOUNTERS if name == "arenstorf" else EXPLICIT_END)


@settings(max_examples=40, deadline=None)
@given(
    method=st.sampled_from(METHODS),
    rtol=st.floats(1e-9, 1e-2),
    atol=st.lists(st.floats(1e-12, 1e-3), min_size=2, max_size=2) | st.floats(1e-12, 1e-3),
    span=st.tuples(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0)),
)
def test_any_tolerance_and_interval_backwards_too(method, rtol, atol, span):
    got, want = both(NONSTIFF["lotka_volterra"], method, span=span, rtol=rtol, atol=atol)
    assert counts(got) == counts(want)
    assert apart(got, want) < 1e-4 * rtol + EXPLICIT_END


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["y itself", "minus y", "list", "tuple", "keeps y", "one buffer"])
def test_a_function_may_return_what_it_likes_and_keep_what_it_got(name, method, kind):
    kept, buffer = [], np.empty(2)

    def fun(t, y):
        if kind == "y itself":
            return y
        if kind == "keeps y":
            kept.append((y, y.copy()))
        if kind == "one buffer":
            buffer[:] = -y
            return buffer
        return {"list": [-y[0], -y[1]], "tuple": (-y[0], -y[1])}.get(kind, -y)

    got = solve(name, fun, method, (0.0, 1.0), [1.0, 2.0], 1e-8, 1e-10)
    growth = np.e if kind == "y itself" else 1.0 / np.e
    np.testing.assert_allclose(got.y[:, -1], np.array([1.0, 2.0]) * growth, rtol=1e-6)
    assert all((given == then).all() for given, then in kept)


@pytest.mark.parametrize("name", OWN)
def test_an_exception_of_the_function_comes_through(name):
    def fun(t, y):
        if t > 0.5:
            raise KeyError("the user's own")
        return -y

    with pytest.raises(KeyError, match="the user's own"):
        solve(name, fun, "RK45", (0.0, 1.0), [1.0])


@pytest.mark.parametrize("method", METHODS)
def test_what_cannot_go_on_ends_with_status_minus_one(method):
    def late(t, y):
        return y * (np.nan if t > 0.5 else 1.0)

    assert solve("pure_numpy", late, method, (0.0, 1.0), [1.0]).status == -1
    assert solve("pure_numpy", lambda t, y: y * np.nan, method, (0.0, 1.0), [1.0]).status == -1
    assert solve("pure_numpy", lambda t, y: y**2, method, (0.0, 2.0), [1.0]).status == -1


def test_an_interval_of_no_length_has_two_points():
    for got in both(NONSTIFF["lotka_volterra"], "RK45", span=(1.0, 1.0)):
        assert got.t.tolist() == [1.0, 1.0]
        assert (got.nfev, got.nsteps, got.nrejected, got.status) == (1, 1, 0, 0)


@pytest.mark.parametrize("method", ["BDF", "Radau"])
def test_the_implicit_methods_are_not_written_in_numpy(method):
    with pytest.raises(NotImplementedError, match=f"{method} is not written in NumPy"):
        solve("pure_numpy", PROBLEMS["hires"].fun, method, (0.0, 1.0), PROBLEMS["hires"].y0)


@pytest.mark.parametrize("method", ["BDF", "Radau"])
def test_scipys_calls_for_finite_differences_are_counted(method):
    calls = []
    hires = PROBLEMS["hires"]

    def fun(t, y):
        calls.append(t)
        return hires.fun(t, y)

    got = solve("scipy_driver", fun, method, hires.t_span, hires.y0)
    assert got.nrhs_total == len(calls) > got.nfev
    stiff = PROBLEMS["robertson_t1e5"]
    analytic = solve("scipy_driver", stiff.fun, method, (0.0, 1.0), stiff.y0, jac=lambda t, y: np.eye(3))
    assert analytic.nrhs_total == analytic.nfev


BAD = [
    ((3, "RK45", (0, 1), [1.0], 1e-6, 1e-8, None), "fun must be callable, not int"),
    ((abs, "rk45", (0, 1), [1.0], 1e-6, 1e-8, None), "method is 'rk45', but must be one of"),
    ((abs, "RK45", (0, None), [1.0], 1e-6, 1e-8, None), "t_span is (0, None), but must be two numbers"),
    ((abs, "RK45", (0, 1), [np.inf], 1e-6, 1e-8, None), "y0[0] is inf, but must be finite"),
    ((abs, "RK45", (0, 1), [1.0], 1e-6, [1e-8, 1.0], None), "atol has 2 values, but y0 1"),
    ((abs, "RK45", (0, 1), [1.0], 1e-6, 1e-8, 3), "jac must be callable or None, not int"),
]


@pytest.mark.parametrize(("arguments", "text"), BAD)
def test_bad_input_is_named_alike_by_all(arguments, text):
    told = set()
    for name in OWN:
        with pytest.raises(ValueError, match=re.escape(text)) as caught:
            implementation("callback", name).run(*arguments)
        told.add(str(caught.value))
    assert len(told) == 1


def test_a_function_of_another_length_is_refused():
    for name in OWN:
        with pytest.raises(ValueError, match="shape"):
            solve(name, lambda t, y: [1.0, 2.0, 3.0], "RK45", (0.0, 1.0), [1.0, 2.0])
