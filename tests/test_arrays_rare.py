"""What was once wrong at the edges: large means, nothing to average, more elements than addresses."""

import warnings

import numpy as np
import pytest
from array_workloads import fail_alike, implementations


def test_squares_of_large_means_are_infinite_not_nan():
    x = np.zeros((31, 5))
    x[3] = 1e300
    for name, call in implementations("axis", "var_axis0").items():
        with np.errstate(over="ignore"):
            np.testing.assert_array_equal(call(x), np.full(5, np.inf), err_msg=name)


@pytest.mark.parametrize("function", ["var", "std", "covariance", "mse"])
def test_means_of_nothing_are_nan_without_a_warning(function):
    given = [np.empty(0)] * (2 if function in ("covariance", "mse") else 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, call in implementations("reduce", function).items():
            got = call(*given)
            assert type(got) is np.float64, name
            assert np.isnan(got), name


def test_coefficients_of_single_values_are_nan_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name, call in implementations("reduce", "corrcoef").items():
            assert np.isnan(call(np.ones((3, 1)))).all(), name


def test_compiled_functions_never_warn():
    row, negative = np.ones(3), np.full(3, -1.0)
    calls = implementations("normalise", "batch_norm")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in calls.keys() - {"pure_numpy", "numpy_best"}:
            assert np.isnan(calls[name](np.ones((2, 3)), row, negative, row, row)).all(), name


@pytest.mark.parametrize("n", [2**60, 2**63, 2**63 + 3, 10**30, np.uint64(2**63 + 3)])
def test_more_elements_than_an_array_can_have(n):
    for function, args in (("zeros", [n]), ("ones", [n]), ("linspace", [0.0, 1.0, n])):
        fail_alike("create", function, args, "^n is ")
    fail_alike("order", "bincount", [np.arange(3), n], "^minlength is ")
    fail_alike("montecarlo", "mc_pi", [n, 1], "^n is ")


def test_arrays_with_a_descriptor_or_a_class_of_their_own_are_taken():
    x = np.linspace(0.0, 1.0, 33)
    described = x.astype(np.dtype(np.float64, metadata={"unit": "m"}))
    for name, call in implementations("activation", "sigmoid").items():
        for other in (described, x.view(type("Mine", (np.ndarray,), {}))):
            assert type(call(other)) is np.ndarray, name
            np.testing.assert_array_equal(call(other), call(x), err_msg=name)


def test_magnitudes_of_any_size_are_right_to_two_units_in_the_last_place():
    sizes = np.array([0.0, 5e-324, 1e-170, 1e-145, 1e-8, 1.0, 3e7, 1e144, 1e145, 1e160, np.inf, np.nan])
    x = np.repeat(sizes, 64) * np.random.default_rng(0).uniform(-1.0, 1.0, sizes.size * 64)
    y = np.roll(x, 7)
    with np.errstate(all="ignore"):
        for name, call in implementations("stencil", "vector_magnitude").items():
            for vx, vy in ((x, y), (x, x)):
                got, want = call(vx.reshape(64, -1), vy.reshape(64, -1)).ravel(), np.sqrt(vx * vx + vy * vy)
                np.testing.assert_array_max_ulp(got, want, 2)
                assert got.shape == want.shape, name


def test_a_mapped_file_is_filled_and_returned(tmp_path):
    x = np.linspace(0.0, 1.0, 33)
    for function, model in (("sigmoid", "activation"), ("exp", "umath"), ("diff", "stream")):
        calls = implementations(model, function)
        want = calls["pure_numpy"](x)
        for name, call in calls.items():
            file = np.memmap(tmp_path / "answer", np.float64, "w+", shape=want.shape)
            assert call(x, out=file) is file, name
            np.testing.assert_allclose(file, want, rtol=1e-13, err_msg=name)
