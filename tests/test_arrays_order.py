"""Order statistics: equal to NumPy's to the last bit, on data that ruin quickselects and samples."""

import numpy as np
import pytest
from array_workloads import (
    agree,
    agree_in_all_layouts,
    fail_alike,
    fill_out,
    implementations,
    refuse_bad_arrays,
    refuse_bad_out,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.arrays.order import DATA, values

QUARTILES = np.array([25.0, 50.0, 75.0])
ENDS = np.array([0.0, 100.0, 99.99, 0.01, 50.0])
EXTREMES = (np.inf, -np.inf, np.nan, 5e-324, -0.0, 0.0, 1.7e308, -1.7e308)


def periodic(rng, n):
    """What a sample at even distances would never see."""
    x = rng.normal(size=n)
    x[:: max(n // 700, 1)] = 1e9
    return x


def killer(rng, n):
    """Median-of-three's worst case (Musser 1997)."""
    half = np.arange(n // 2, dtype=float)
    return np.concatenate((np.where(half % 2, half + n // 2, half), 2.0 * half, np.ones(n % 2)))


def half_infinite(rng, n):
    x = rng.normal(size=n)
    x[::2] = np.inf
    return x


KINDS = {
    **{kind: (lambda rng, n, kind=kind: values(rng, n, kind)) for kind in DATA},
    "reversed": lambda rng, n: np.sort(rng.normal(size=n))[::-1].copy(),
    "two": lambda rng, n: rng.integers(0, 2, n).astype(float),
    "periodic": periodic,
    "killer": killer,
    "half_infinite": half_infinite,
    "heavy": lambda rng, n: rng.standard_cauchy(n) ** 3,
    "step": lambda rng, n: (np.arange(n) > n // 2).astype(float),
}


@pytest.mark.parametrize("n", [1, 2, 599, 600, 601, 10_007, 60_000])
@pytest.mark.parametrize("kind", KINDS)
def test_median_and_percentiles_of_all_kinds_of_data(kind, n):
    x = KINDS[kind](np.random.default_rng(n), n)
    agree("order", "median", (x,))
    with np.errstate(invalid="ignore"):
        agree("order", "percentile", (x, QUARTILES))
        agree("order", "percentile", (x, ENDS))


@pytest.mark.parametrize("n", [1, 2, 700, 20_000])
@pytest.mark.parametrize("place", [0, -1, None])
@pytest.mark.parametrize("nan", [np.nan, -np.nan])
def test_one_nan_anywhere_is_a_nan(n, place, nan):
    x = np.random.default_rng(1).normal(size=n)
    x[n // 2 if place is None else place] = nan
    with np.errstate(invalid="ignore"):
        assert np.isnan(agree("order", "median", (x,)))
        assert np.isnan(agree("order", "percentile", (x, QUARTILES))).all()


def test_all_nan_and_none_at_all():
    agree("order", "median", (np.full(1000, np.nan),))
    agree("order", "median", (np.empty(0),))
    agree("order", "percentile", (np.full(1000, np.nan), QUARTILES))
    agree("order", "percentile", (np.ones(5), np.empty(0)))
    fail_alike("order", "percentile", (np.empty(0), QUARTILES), "x has 0 elements")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(allow_nan=False) | st.sampled_from(EXTREMES), max_size=70))
def test_any_values(listed):
    x = np.array(listed, dtype=np.float64)
    with np.errstate(all="ignore"):
        agree("order", "median", (x,))
        if x.size:
            agree("order", "percentile", (x, QUARTILES), rtol=1e-15)


def test_layouts_shapes_and_places():
    x = np.random.default_rng(2).normal(size=(40, 50))
    agree("order", "median", (x,))
    agree_in_all_layouts("order", "median", (x,))
    agree_in_all_layouts("order", "percentile", (x, QUARTILES))
    fill_out("order", "percentile", (x, QUARTILES))


@pytest.mark.parametrize("n", [0, 1, 3, 4, 5, 70, 5000])
@pytest.mark.parametrize("minlength", [0, 1, 100, 5000])
def test_bincount(n, minlength):
    x = np.random.default_rng(n).integers(0, 150, n)
    want = agree("order", "bincount", (x, minlength))
    assert want.sum() == n
    fill_out("order", "bincount", (x, minlength))
    agree_in_all_layouts("order", "bincount", (x, minlength))


def test_bincount_refuses_negative_numbers_wherever_they_are():
    for place in (0, 3, 17, 18, 19):
        x = np.arange(20)
        x[place] = -1
        fail_alike("order", "bincount", (x, 100), rf"x\[{place}\] is -1, and cannot be negative")
    fail_alike("order", "bincount", (np.arange(5), -3), "minlength is -3")


def test_bad_arrays_and_places():
    x = np.random.default_rng(3).normal(size=30)
    for bad in (x.astype(np.float32), x.tolist(), None):
        fail_alike("order", "median", (bad,), "x must be a float64 array")
    refuse_bad_arrays("order", "percentile", [x, QUARTILES], {1: "q"})
    fail_alike("order", "percentile", (x, np.array([50.0, 101.0])), r"q\[1\] is 101.0")
    fail_alike("order", "percentile", (x, np.array([np.nan])), r"q\[0\] is nan")
    refuse_bad_out("order", "percentile", [x, QUARTILES])
    refuse_bad_arrays("order", "bincount", [np.arange(30), 100], {0: "x"})
    refuse_bad_out("order", "bincount", [np.arange(30), 100])


def test_medians_are_scalars_of_numpy():
    for call in implementations("order", "median").values():
        assert type(call(np.arange(5.0))) is np.float64
