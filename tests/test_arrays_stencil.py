"""Stencils: equal to NumPy's slices to the last bit, on fields of any shape and with any values."""

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
    work_in_place,
)
from hypothesis import given, settings
from hypothesis import strategies as st

FIELDS = ("laplacian", "sobel", "box_blur3")
SIDES = st.integers(0, 70)
EXTREMES = np.array([np.nan, np.inf, -np.inf, 5e-324, -0.0, 1e200, -1e200, 1.0])


def field(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def odd(seed, *shape):
    """Values of which some are no ordinary numbers."""
    rng = np.random.default_rng(seed)
    return np.where(rng.random(shape) < 0.05, rng.choice(EXTREMES, shape), rng.normal(size=shape))


@pytest.mark.parametrize("function", FIELDS)
@settings(max_examples=60, deadline=None)
@given(m=SIDES, n=SIDES, seed=st.integers(0, 2**32 - 1), special=st.booleans())
def test_fields_of_any_shape(function, m, n, seed, special):
    u = (odd if special else field)(seed, m, n)
    with np.errstate(all="ignore"):
        want = agree("stencil", function, (u,))
    assert want.shape == (max(m - 2, 0), max(n - 2, 0))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (17,), (70,), (5, 7), (3, 0, 2), (3, 4, 5), (300, 41)])
def test_vector_magnitude(shape):
    with np.errstate(all="ignore"):
        agree("stencil", "vector_magnitude", (odd(1, *shape), odd(2, *shape)))


@settings(max_examples=40, deadline=None)
@given(n=SIDES, steps=st.integers(0, 12), rate=st.floats(-1.0, 1.0))
def test_heat_of_short_rods(n, steps, rate):
    agree("stencil", "heat_step", (field(n, n), rate, steps))


@pytest.mark.parametrize("steps", [1, 100, 128, 129, 300])
def test_heat_of_rods_in_several_parts(steps):
    agree("stencil", "heat_step", (field(3, 9_001), 0.25, steps))


def test_heat_keeps_its_ends_and_spreads_what_is_not_finite():
    u = field(4, 5_000)
    u[[0, -1, 2_500]] = 3.0, -2.0, np.nan
    with np.errstate(invalid="ignore"):
        want = agree("stencil", "heat_step", (u, 0.25, 10))
    assert (want[0], want[-1]) == (3.0, -2.0)
    assert np.isnan(want[2_490:2_511]).all()
    assert np.isnan(want).sum() == 21


CASES = {
    **{function: ((field(5, 30, 41),), {0: "u"}) for function in FIELDS},
    "vector_magnitude": ((field(6, 30, 41), field(7, 30, 41)), {1: "vy"}),
    "heat_step": ((field(8, 60), 0.25, 5), {0: "u"}),
}
each = pytest.mark.parametrize("function", CASES)


@each
def test_layouts_and_places(function):
    args, _ = CASES[function]
    agree_in_all_layouts("stencil", function, args)
    fill_out("stencil", function, args)


@each
def test_bad_arrays_and_places(function):
    args, names = CASES[function]
    refuse_bad_arrays("stencil", function, list(args), names)
    refuse_bad_out("stencil", function, list(args), in_place=function == "vector_magnitude")


def test_in_place_where_each_element_stands_for_itself_only():
    work_in_place("stencil", "vector_magnitude", CASES["vector_magnitude"][0])
    x, y = CASES["vector_magnitude"][0]
    want = agree("stencil", "vector_magnitude", (x, y))
    for call in implementations("stencil", "vector_magnitude").values():
        second = y.copy()
        assert call(x, second, out=second) is second
        np.testing.assert_array_equal(second, want)


def test_bad_numbers():
    u = field(9, 10)
    fail_alike("stencil", "heat_step", (u, "a", 3), "rate must be a number, not str")
    fail_alike("stencil", "heat_step", (u, 0.1, -3), "steps is -3")
    fail_alike("stencil", "heat_step", (u, 0.1, 1.5), "steps must be a whole number")
    fail_alike("stencil", "heat_step", (u, 0.1, 3), "out overlaps", out=u)
