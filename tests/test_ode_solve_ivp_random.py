"""Random problems, options and events: the drop-in `solve_ivp` counts and finds what SciPy does."""

import numpy as np
import pytest
import scipy.integrate

pytest.importorskip("paceline_models._rust")
from paceline_models.ode.rust_pyo3 import solve_ivp

METHODS = ("RK23", "RK45", "DOP853", "Radau", "BDF")


def right_hand_side(rng, n):
    """A system of n equations that stays bounded forwards, in one of the forms that users return."""
    matrix, forcing = rng.normal(size=(n, n)) - np.eye(n) * rng.uniform(0.0, 4.0), rng.normal(size=n)
    speed = rng.uniform(0.3, 3.0)
    forms = (
        lambda t, y: matrix @ y + forcing * np.cos(speed * t),
        lambda t, y: (matrix @ np.sin(y) + forcing).tolist(),
        lambda t, y: tuple(np.roll(y, 1) * np.cos(t) - speed * y),
        lambda t, y: forcing * np.sin(speed * t) - y**3,
    )
    kind = int(rng.integers(4))
    return forms[kind], kind, matrix


def in_columns(fun):
    return lambda t, states: np.stack([np.asarray(fun(t, y)) for y in states.T], axis=1)


def random_events(rng, n):
    events = []
    for _ in range(rng.integers(1, 4)):
        weights, level = rng.normal(size=n), 0.3 * rng.normal()

        def event(t, y, weights=weights, level=level):
            return weights @ y - level

        event.direction = float(rng.integers(-1, 2))
        event.terminal = [False, False, True, 2, 3][rng.integers(5)]
        events.append(event)
    return events


def random_call(rng):
    """The arguments of a call, drawn."""
    n, method = int(rng.integers(1, 7)), str(rng.choice(METHODS))
    fun, kind, matrix = right_hand_side(rng, n)
    end = rng.uniform(0.5, 5.0)
    span = (0.0, end) if kind == 3 or rng.random() < 0.6 else (end, 0.0)
    options = {"rtol": 10 ** rng.uniform(-8, -2), "atol": 10 ** rng.uniform(-10, -3)}
    chosen = rng.random(7) < 0.3
    if chosen[0]:
        times = np.sort(rng.uniform(0.0, end, int(rng.integers(1, 20))))
        options["t_eval"] = times if span[0] == 0.0 else times[::-1]
    if chosen[1]:
        options["max_step"] = rng.uniform(0.02, 1.0)
    if chosen[2]:
        options["first_step"] = rng.uniform(0.001, 0.3) * end
    if chosen[3]:
        options["atol"] = options["atol"] * rng.uniform(0.1, 10.0, size=n)
    if chosen[4]:
        fun, options["vectorized"] = in_columns(fun), True
    if chosen[5] and kind == 0 and method in ("Radau", "BDF"):
        options["jac"] = matrix if rng.random() < 0.5 else lambda t, y: matrix
    if chosen[6] or rng.random() < 0.3:
        options["events"] = random_events(rng, n)
    options["dense_output"] = bool(rng.random() < 0.4)
    return (fun, span, rng.normal(size=n), method), options


@pytest.mark.parametrize("seed", range(30))
def test_random_calls(seed):
    given, options = random_call(np.random.default_rng(seed))
    ours, scipys = solve_ivp(*given, **options), scipy.integrate.solve_ivp(*given, **options)
    for count in ("nfev", "njev", "nlu", "status"):
        assert getattr(ours, count) == getattr(scipys, count)
    assert len(ours.t) == len(scipys.t)
    near = 1e-7 if given[3] not in ("Radau", "BDF") else 300 * max(options["rtol"], 1e-10)
    if len(ours.t):
        np.testing.assert_allclose(ours.y[:, -1], scipys.y[:, -1], rtol=near, atol=near)
    for mine, reference in zip(ours.t_events or (), scipys.t_events or (), strict=True):
        np.testing.assert_allclose(mine, reference, rtol=0.0, atol=100 * near)
    if ours.sol is not None:
        times = np.linspace(ours.sol.t_min, ours.sol.t_max, 17)
        np.testing.assert_allclose(ours.sol(times), scipys.sol(times), rtol=10 * near, atol=10 * near)
