"""Pipelines against the chains of NumPy calls that they replace; LAPACK's row against its own laws."""

import numpy as np
import pytest
from array_workloads import (
    agree,
    agree_in_all_layouts,
    fail_alike,
    fill_out,
    refuse_bad_arrays,
    refuse_bad_out,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from paceline_models.arrays.lapack import pure_numpy as lapack

SIDES = st.integers(0, 70)
EXTREMES = np.array([np.nan, np.inf, -np.inf, 5e-324, -0.0, 1e200])


def photo(seed, m, n):
    rng = np.random.default_rng(seed)
    return (np.arange(m) // 5 % 2)[:, None, None] * 0.8 + 0.3 * rng.random((m, n, 3)) - 0.05


def network(seed, b, i, h, o):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape) for shape in ((b, i), (i, h), (h,), (h, o), (o,))]


def moments(seed, n):
    weights, gradient, first, second = np.random.default_rng(seed).normal(size=(4, n))
    return [weights, gradient, 0.1 * first, 0.01 * np.abs(second)]


@settings(max_examples=60, deadline=None)
@given(m=SIDES, n=SIDES, seed=st.integers(0, 2**32 - 1))
def test_image_of_any_shape(m, n, seed):
    want = agree("pipelines", "image", (photo(seed, m, n),))
    assert want.shape == (max(m - 4, 0), max(n - 4, 0))


def test_image_has_edges_and_smooth_parts_and_survives_odd_values():
    assert 0.05 < agree("pipelines", "image", (photo(1, 90, 80),)).mean() < 0.95
    rng = np.random.default_rng(2)
    odd = np.where(rng.random((60, 50, 3)) < 0.01, rng.choice(EXTREMES, (60, 50, 3)), photo(3, 60, 50))
    with np.errstate(all="ignore"):
        agree("pipelines", "image", (odd,))


@settings(max_examples=60, deadline=None)
@given(b=SIDES, i=SIDES, h=SIDES, o=SIDES, seed=st.integers(0, 2**32 - 1))
def test_mlp_of_any_shape(b, i, h, o, seed):
    agree("pipelines", "mlp", network(seed, b, i, h, o), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("b", [95, 96, 97, 300])
def test_mlp_of_several_batches(b):
    agree("pipelines", "mlp", network(b, b, 64, 32, 10), rtol=1e-11, atol=1e-12)


def test_mlp_keeps_nan_in_its_row():
    args = network(4, 20, 8, 6, 5)
    args[0][7, 3] = np.nan
    want = agree("pipelines", "mlp", args, rtol=1e-11, atol=1e-12)
    assert np.isnan(want).any(axis=1).tolist() == [row == 7 for row in range(20)]


@pytest.mark.parametrize("n", [3, 4, 70, 256, 257, 258, 512, 513, 514, 769, 1000, 9000])
def test_signal(n):
    x = np.random.default_rng(n).normal(size=n) + np.linspace(0.0, 10.0, n)
    want = agree("pipelines", "signal", (x,), rtol=1e-10, atol=1e-12)
    assert want.shape == ((n - 1) // 256,)


@pytest.mark.parametrize("special", [np.nan, np.inf])
def test_signal_of_what_is_not_finite_is_nan_everywhere(special):
    x = np.random.default_rng(5).normal(size=900)
    x[400] = special
    with np.errstate(invalid="ignore"):
        assert np.isnan(agree("pipelines", "signal", (x,))).all()


@settings(max_examples=60, deadline=None)
@given(n=SIDES | st.just(20_000), seed=st.integers(0, 2**32 - 1))
def test_adam(n, seed):
    agree("pipelines", "adam", moments(seed, n), rtol=1e-13, atol=1e-15)


def test_adam_of_odd_values():
    rng = np.random.default_rng(6)
    with np.errstate(all="ignore"):
        agree("pipelines", "adam", [rng.choice(EXTREMES, 500) for _ in range(4)], rtol=1e-13, atol=1e-15)


CASES = {
    "image": ([photo(7, 30, 20)], {0: "rgb"}, 0.0),
    "mlp": (network(8, 12, 9, 7, 5), {0: "x", 2: "b1", 4: "b2"}, 1e-12),
    "signal": ([np.random.default_rng(9).normal(size=600)], {0: "x"}, 1e-12),
    "adam": (moments(10, 40), {0: "weights", 1: "gradient", 3: "second"}, 1e-15),
}
each = pytest.mark.parametrize("function", CASES)


@each
def test_layouts_and_places(function):
    args, _, atol = CASES[function]
    agree_in_all_layouts("pipelines", function, args, rtol=1e-11, atol=atol)
    fill_out("pipelines", function, args, rtol=1e-11, atol=atol)


@each
def test_bad_arrays_and_places(function):
    args, names, _ = CASES[function]
    refuse_bad_arrays("pipelines", function, args, names)
    refuse_bad_out("pipelines", function, args)


def test_bad_shapes():
    fail_alike("pipelines", "image", (np.ones((5, 5, 4)),), r"rgb must have shape \(rows, columns, 3\)")
    fail_alike("pipelines", "signal", (np.ones(2),), "x has 2 elements")
    fail_alike("pipelines", "adam", [*moments(1, 5)[:3], np.ones(6)], "second has shape")
    for position, name in ((1, "w1"), (2, "b1"), (3, "w2"), (4, "b2")):
        args = network(11, 12, 9, 7, 5)
        args[position] = args[position][:-1].copy()
        fail_alike("pipelines", "mlp", args, f"^{name} must have")


def test_lapack_factors_multiply_back():
    a = np.random.default_rng(12).normal(size=(30, 20))
    u, s, vt = lapack.svd_lstsq(a)
    np.testing.assert_allclose(u * s @ vt, a, atol=1e-12)
    q, r = lapack.qr(a)
    np.testing.assert_allclose(q @ r, a, atol=1e-12)
    symmetric = a.T @ a
    lower = lapack.cholesky(symmetric)
    np.testing.assert_allclose(lower @ lower.T, symmetric, atol=1e-12)
    values, vectors = lapack.eigh(symmetric)
    np.testing.assert_allclose(vectors * values @ vectors.T, symmetric, atol=1e-12)
    state, covariance = lapack.kalman_predict(symmetric, a[0], symmetric, np.eye(20))
    np.testing.assert_allclose(state, symmetric @ a[0])
    np.testing.assert_allclose(covariance, symmetric @ symmetric @ symmetric.T + np.eye(20))
