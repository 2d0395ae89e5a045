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


def test_a_mapped_file_is_filled_and_returned(tmp_path):
    x = np.linspace(0.0, 1.0, 33)
    for function, model in (("sigmoid", "activation"), ("exp", "umath"), ("diff", "stream")):
        calls = implementations(model, function)
        want = calls["pure_numpy"](x)
        for name, call in calls.items():
            file = np.memmap(tmp_path / "answer", np.float64, "w+", shape=want.shape)
            assert call(x, out=file) is file, name
            np.testing.assert_allclose(file, want, rtol=1e-13, err_msg=name)
