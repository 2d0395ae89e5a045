"""The drop-in `solve_ivp` takes SciPy's steps: whatever the problem, method, tolerance, direction."""

import pickle
import warnings

import numpy as np
import pytest
import scipy.integrate
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_matrix, diags

pytest.importorskip("paceline_models._rust")
from paceline_models.ode.rust_pyo3 import solve_ivp

EXPLICIT = ("RK23", "RK45", "DOP853")
METHODS = (*EXPLICIT, "Radau", "BDF")


def vdp(t, y, mu=1.0):
    return [y[1], mu * (1.0 - y[0] ** 2) * y[1] - y[0]]


def vdp_jac(t, y, mu=1.0):
    return [[0.0, 1.0], [-2.0 * mu * y[0] * y[1] - 1.0, mu * (1.0 - y[0] ** 2)]]


def robertson(t, y):
    a, b, c = 0.04 * y[0], 3e7 * y[1] ** 2, 1e4 * y[1] * y[2]
    return [-a + c, a - b - c, b]


def pendulum(t, y):
    return np.array([y[1], -np.sin(y[0]) - 0.1 * y[1] + 0.2 * np.cos(0.7 * t)])


def heat(t, y):
    return (y.size + 1) ** 2 * np.convolve(y, (1.0, -2.0, 1.0), "same")


def both(fun, *args, near=1e-10, **options):
    """Solve with both; the counts must be equal, and the end the same."""
    ours, scipys = solve_ivp(fun, *args, **options), scipy.integrate.solve_ivp(fun, *args, **options)
    assert (ours.nfev, ours.njev, ours.nlu) == (scipys.nfev, scipys.njev, scipys.nlu)
    assert (ours.status, ours.message, ours.success) == (scipys.status, scipys.message, scipys.success)
    assert ours.t.shape == scipys.t.shape
    assert ours.y.shape == scipys.y.shape
    assert ours.y.dtype == scipys.y.dtype
    size = np.maximum(np.abs(scipys.y[:, -1]), 1.0)
    assert np.max(np.abs(ours.y[:, -1] - scipys.y[:, -1]) / size) < near
    return ours, scipys


@pytest.mark.parametrize("method", METHODS)
def test_steps_are_scipys(method):
    both(vdp, (0.0, 20.0), [2.0, 0.0], method, rtol=1e-6, atol=1e-8, near=1e-7)
    both(pendulum, (3.0, -7.0), [1.0, 0.5], method, near=1e-6)


@pytest.mark.parametrize("method", ["Radau", "BDF"])
def test_stiff_problems(method):
    args = (0.0, 3000.0), [2.0, 0.0], method
    both(vdp, *args, args=(1000.0,), jac=vdp_jac, rtol=1e-4, atol=1e-6, near=1e-4)
    both(robertson, (0.0, 1e3), [1.0, 0.0, 0.0], method, rtol=1e-5, atol=1e-9, near=1e-6)
    both(heat, (0.0, 0.1), np.sin(np.pi * np.arange(1, 61) / 61), method, near=1e-6)


@pytest.mark.parametrize("method", ["Radau", "BDF"])
def test_kinds_of_jacobian(method):
    matrix = np.array([[-50.0, 1.0, 0.0], [0.5, -2.0, 3.0], [0.0, 1.0, -500.0]])
    y0, span, near = [1.0, 2.0, -1.0], (0.0, 2.0), 1e-8

    def fun(t, y):
        return matrix @ y

    for jac in (
        matrix,
        matrix.tolist(),
        csc_matrix(matrix),
        lambda t, y: matrix,
        lambda t, y: csc_matrix(matrix),
    ):
        both(fun, span, y0, method, jac=jac, near=near)
    for sparsity in (matrix != 0, csc_matrix(matrix != 0)):
        both(fun, span, y0, method, jac_sparsity=sparsity, near=near)
        both(fun, span, y0, method, jac_sparsity=sparsity, vectorized=True, near=near)
    both(fun, span, y0, method, vectorized=True, near=near)


def test_large_systems_by_lapack():
    n = 60
    matrix = diags([1.0, -3.0, 1.0], [-1, 0, 1], shape=(n, n)).toarray() * 40.0
    for method in ("Radau", "BDF"):
        both(lambda t, y: matrix @ y, (0.0, 1.0), np.linspace(1.0, 2.0, n), method, near=1e-8)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("span", [(0.0, 6.0), (6.0, 0.0)])
def test_dense_output(method, span):
    ours, scipys = both(pendulum, span, [1.0, 0.0], method, dense_output=True, near=1e-6)
    times = np.linspace(-1e-3, 6.001, 57)
    np.testing.assert_allclose(ours.sol(times), scipys.sol(times), rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(ours.sol(times)[:, 7], ours.sol(times[7]))
    np.testing.assert_allclose(ours.sol(ours.t), ours.y, rtol=1e-9, atol=1e-12)
    assert (ours.sol.t_min, ours.sol.t_max) == (0.0, 6.0)
    assert ours.sol.n_segments == len(ours.sol.interpolants) == scipys.sol.n_segments
    assert type(ours.sol.interpolants[0]) is type(scipys.sol.interpolants[0])
    assert isinstance(ours.sol, scipy.integrate.OdeSolution)
    again = pickle.loads(pickle.dumps(ours.sol))
    np.testing.assert_allclose(again(times), ours.sol(times), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_output_times(method):
    for times in (np.linspace(0.0, 5.0, 11), [0.0, 1.5, 1.6], np.arange(6), [2.0], [0.5, 5.0]):
        ours, scipys = both(pendulum, (0.0, 5.0), [1.0, 0.0], method, t_eval=times, near=1e-6)
        np.testing.assert_array_equal(ours.t, scipys.t)
        assert ours.t.dtype == scipys.t.dtype
        np.testing.assert_allclose(ours.y, scipys.y, rtol=1e-6, atol=1e-6)
    ours, scipys = both(
        pendulum, (5.0, 0.0), [1.0, 0.0], method, t_eval=[4.0, 1.0], dense_output=True, near=1e-6
    )
    np.testing.assert_array_equal(ours.t, scipys.t)
    assert ours.sol.n_segments == scipys.sol.n_segments


def test_no_output_times():
    for times in ([], np.empty(0)):
        ours = solve_ivp(pendulum, (0.0, 5.0), [1.0, 0.0], t_eval=times)
        assert (ours.t, ours.y) == ([], [])


def crossing(index, level=0.0, **attributes):
    def event(t, y):
        return y[index] - level

    vars(event).update(attributes)
    return event


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("span", [(0.0, 15.0), (15.0, 0.0)])
def test_events(method, span):
    events = [crossing(0), crossing(1, direction=1.0), crossing(1, direction=-1), crossing(0, 5.0)]
    for last in (
        crossing(0, 0.1),
        crossing(0, 0.1, terminal=True),
        crossing(0, 0.1, terminal=3, direction=-1),
    ):
        options = {"events": [*events, last], "dense_output": True, "rtol": 1e-6, "near": 1e-5}
        ours, scipys = both(pendulum, span, [1.0, 0.0], method, **options)
        for mine, reference in zip(ours.t_events, scipys.t_events, strict=True):
            np.testing.assert_allclose(mine, reference, rtol=0.0, atol=1e-6)
        for mine, reference in zip(ours.y_events, scipys.y_events, strict=True):
            assert mine.shape == reference.shape
            np.testing.assert_allclose(mine, reference, rtol=0.0, atol=1e-5)


def test_events_of_every_form():
    def single(t, y, *more):
        return np.array([y[0]])

    for events in ([], [crossing(0)], [lambda t, y: True, crossing(0)]):
        ours, scipys = both(pendulum, (0.0, 9.0), [1.0, 0.0], events=events)
        assert [len(times) for times in ours.t_events] == [len(times) for times in scipys.t_events]
    assert len(solve_ivp(vdp, (0.0, 9.0), [1.0, 0.0], args=(2.0,), events=single).t_events[0]) > 0


@pytest.mark.parametrize("method", METHODS)
def test_bounds_of_the_step(method):
    for options in ({"max_step": 0.11}, {"first_step": 0.3}, {"first_step": 0.3, "max_step": 0.2}):
        both(pendulum, (0.0, 4.0), [1.0, 0.0], method, near=1e-6, **options)


@pytest.mark.parametrize("method", EXPLICIT)
def test_tolerances_by_component(method):
    for rtol in (1e-4, np.array([1e-3, 1e-6]), np.array([1e-3])):
        both(pendulum, (0.0, 4.0), [1.0, 0.0], method, rtol=rtol, atol=[1e-4, 1e-9])


@settings(max_examples=60, deadline=None)
@given(
    method=st.sampled_from(EXPLICIT),
    rtol=st.floats(-10.0, -2.0).map(lambda e: 10.0**e),
    atol=st.floats(-12.0, -3.0).map(lambda e: 10.0**e),
    start=st.tuples(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0)),
    span=st.tuples(st.floats(-4.0, 4.0), st.floats(-4.0, 4.0)),
    mu=st.floats(0.0, 3.0),
)
def test_explicit_steps_whatever_the_problem(method, rtol, atol, start, span, mu):
    def stopped(t, y):
        return abs(y[0]) + abs(y[1]) - 50.0

    stopped.terminal = True
    ours = solve_ivp(vdp, span, start, method, args=(mu,), rtol=rtol, atol=atol, events=None)
    if span[1] > span[0]:  # backwards the oscillator runs off, and small differences grow
        scipys = scipy.integrate.solve_ivp(vdp, span, start, method, args=(mu,), rtol=rtol, atol=atol)
        assert (ours.nfev, ours.t.size, ours.status) == (scipys.nfev, scipys.t.size, scipys.status)
        np.testing.assert_allclose(ours.y[:, -1], scipys.y[:, -1], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_handed_to_scipy(method):
    for args in (((0.0, 0.0), [1.0]), ((0.0, 1.0), [])):
        ours, scipys = (
            solve_ivp(lambda t, y: -y, *args, method),
            scipy.integrate.solve_ivp(lambda t, y: -y, *args, method),
        )
        np.testing.assert_array_equal(ours.y, scipys.y)
    if method != "Radau":
        assert solve_ivp(lambda t, y: 1j * y, (0.0, 1.0), [1.0 + 0.0j], method).y.dtype == complex


def test_lsoda_and_classes_are_scipys():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert solve_ivp(vdp, (0.0, 5.0), [2.0, 0.0], "LSODA", min_step=1e-9, lband=1, uband=1).success
    assert solve_ivp(vdp, (0.0, 5.0), [2.0, 0.0], scipy.integrate.RK45).success
