"""New arrays: values as NumPy has them, numbers that are refused."""

import numpy as np
import pytest
from array_workloads import agree, fail_alike, fill_out, refuse_bad_out
from hypothesis import example, given, settings
from hypothesis import strategies as st

NUMBERS = st.floats(-1e300, 1e300)


@pytest.mark.parametrize("function", ["zeros", "ones"])
@pytest.mark.parametrize("n", [0, 1, 2, 70, 1025, 300_000])
def test_filled(function, n):
    want = agree("create", function, (n,))
    assert (want == (function == "ones")).all()
    fill_out("create", function, (n,))


@settings(max_examples=100, deadline=None)
@given(start=NUMBERS, stop=NUMBERS, n=st.integers(0, 70))
@example(start=0.0, stop=5e-324, n=10)  # the step is too small to be a number
@example(start=3.0, stop=3.0, n=5)
@example(start=-0.0, stop=0.0, n=1)
@example(start=5.0, stop=2.0, n=7)
def test_linspace_is_numpys_to_the_last_bit(start, stop, n):
    np.testing.assert_array_equal(agree("create", "linspace", (start, stop, n)), np.linspace(start, stop, n))


def test_linspace_between_infinities_is_what_numpy_makes_of_it():
    with np.errstate(invalid="ignore"):
        agree("create", "linspace", (0.0, np.inf, 5))
        agree("create", "linspace", (np.nan, 1.0, 5))
    agree("create", "linspace", (np.float64(1), 2, np.int64(9)))


@pytest.mark.parametrize("function", ["zeros", "ones"])
def test_bad_counts(function):
    fail_alike("create", function, (-1,), "n is -1")
    fail_alike("create", function, (2.5,), "n must be a whole number, not float")
    fail_alike("create", function, ("3",), "n must be a whole number, not str")
    refuse_bad_out("create", function, (30,))


def test_bad_ends():
    fail_alike("create", "linspace", ("a", 1.0, 5), "start must be a number, not str")
    fail_alike("create", "linspace", (0.0, None, 5), "stop must be a number, not NoneType")
    fail_alike("create", "linspace", (0.0, 1.0, -5), "n is -5")
    refuse_bad_out("create", "linspace", (0.0, 1.0, 30))
