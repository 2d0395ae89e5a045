"""Odd calls of the drop-in `solve_ivp`, each found by random calls: it does what SciPy does."""

import warnings

import numpy as np
import pytest
import scipy.integrate

pytest.importorskip("paceline_models._rust")
from paceline_models.ode.rust_pyo3 import solve_ivp

BOTH = (solve_ivp, scipy.integrate.solve_ivp)
SPAN, Y0 = (0.0, 2.0), [1.0, 0.5]
IMPLICIT = ("Radau", "BDF")


def decay(t, y):
    return -y


def outcome(solve, *args, **options):
    """What a call does: the type of its error, or its counts and the kind of its states; its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer = solve(*args, **options)
            told = (answer.nfev, answer.njev, answer.nlu, answer.status, answer.y.shape, answer.y.dtype)
        except Exception as error:
            told = type(error)
    return told, sorted({w.category.__name__ for w in caught})


def assert_alike(*args, **options):
    ours, scipys = (outcome(solve, *args, **options) for solve in BOTH)
    assert ours == scipys


@pytest.mark.parametrize("method", ["RK45", *IMPLICIT])
@pytest.mark.parametrize("rtol", [0, 0.0, -1e-3, 1e-16, np.array([1e-4]), np.float32(1e-4), np.inf, 1])
def test_odd_relative_tolerances(method, rtol):
    """Newton's tolerance comes from the tolerance as it was given, not from the one that it is raised to."""
    assert_alike(decay, (0.0, 0.1), Y0, method, rtol=rtol)


@pytest.mark.parametrize("name", ["max_step", "first_step"])
@pytest.mark.parametrize("value", [np.array([0.1]), [0.1], np.array(0.1), np.float32(0.1), 1])
def test_odd_steps(name, value):
    for method in ("DOP853", *IMPLICIT):
        assert_alike(decay, SPAN, Y0, method, **{name: value})


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853", *IMPLICIT])
@pytest.mark.parametrize("shape", [(1, -1), (-1, 1), (1, 1, -1)])
def test_right_hand_sides_that_return_a_matrix(method, shape):
    """The explicit methods broadcast them; Newton's iteration and finite differences do not."""
    for n in (1, 3):
        for jac in (None, -np.eye(n)) if method in IMPLICIT else (None,):
            options = {} if jac is None else {"jac": jac}
            assert_alike(lambda t, y: (-y).reshape(shape), SPAN, np.ones(n), method, **options)


@pytest.mark.parametrize("sequence", [list, np.array])
@pytest.mark.parametrize("more", [[], [0.0]])
def test_events_that_return_sequences(sequence, more):
    def crossing(t, y):
        return sequence([y[0] - 0.5, *more])

    def plain(t, y):
        return y[0] - 0.4

    assert_alike(decay, SPAN, Y0, events=[crossing, plain])
    assert_alike(decay, SPAN, Y0, events=[plain, lambda t, y: np.array(y[0] - 0.5)])
    if more and sequence is np.array:
        assert_alike(decay, SPAN, Y0, events=crossing)


@pytest.mark.parametrize("kind", [int, bool, np.float32, np.uint8, float])
def test_a_start_that_leads_nowhere(kind):
    """Where there is no step, the states are the start as it was given."""
    assert_alike(lambda t, y: np.full(2, np.nan if t else 1.0), SPAN, np.ones(2, kind), first_step=1e-300)


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853", *IMPLICIT])
@pytest.mark.parametrize("option", ["max_step", "first_step", "atol"])
def test_options_that_are_no_numbers_end(method, option):
    """SciPy goes on for ever with some of these: here the number of calls is bounded."""
    calls = []

    def fun(t, y):
        calls.append(t)
        assert len(calls) < 5_000
        return -y

    try:
        solve_ivp(fun, SPAN, Y0, method, **{option: np.nan})
    except ValueError:
        assert method in IMPLICIT
