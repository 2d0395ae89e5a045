"""Monte Carlo: the same hits everywhere, the published numbers, paths and walks as NumPy has them."""

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
from paceline_models.arrays.montecarlo.pure_numpy import uniform

MARKET = (100.0, 1e-4, 0.01)


def test_generator_gives_the_published_numbers_of_splitmix64():
    """Seed 0 of the authors' program: its n-th output is that of counter n."""
    published = (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC)
    with np.errstate(over="ignore"):
        numbers = uniform(np.arange(1, 5, dtype=np.uint64))
    np.testing.assert_array_equal(numbers, [(bits >> 11) / 2**53 for bits in published])


def test_hits_are_known():
    for name, call in implementations("montecarlo", "mc_pi").items():
        assert call(1_000_003, 12345) == 4.0 * (785_045 / 1_000_003), name


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(0, 70) | st.sampled_from([8191, 8192, 8193, 16385, 40000]), seed=st.integers(-5, 2**64 + 5)
)
def test_pi_is_equal_everywhere(n, seed):
    agree("montecarlo", "mc_pi", (n, seed))


@settings(max_examples=60, deadline=None)
@given(n=st.integers(0, 70), seed=st.integers(0, 2**32 - 1), drift=st.floats(-1.0, 1.0))
def test_paths(n, seed, drift):
    z = np.random.default_rng(seed).normal(size=n)
    agree("montecarlo", "black_scholes_paths", (z, 100.0, drift, 0.2), rtol=1e-10)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf, 1e308, -1e308])
def test_paths_end_where_numpys_end(special):
    z = np.random.default_rng(5).normal(size=700)
    z[300] = special
    with np.errstate(all="ignore"):
        agree("montecarlo", "black_scholes_paths", (z, *MARKET), rtol=1e-10)
        agree("montecarlo", "black_scholes_paths", (z, 100.0, 2.0, 0.01), rtol=1e-10)
        agree("montecarlo", "black_scholes_paths", (z, np.inf, -2.0, 0.01), rtol=1e-10)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=70))
def test_walks_wrap_as_numpys_do(listed):
    agree("montecarlo", "random_walk", (np.array(listed, dtype=np.int64),))


CASES = {
    "black_scholes_paths": ((np.random.default_rng(6).normal(size=300), *MARKET), "z", 1e-10),
    "random_walk": ((np.random.default_rng(7).integers(-1, 2, 300),), "steps", 0.0),
}
each = pytest.mark.parametrize("function", CASES)


@each
def test_layouts_and_places(function):
    args, _, rtol = CASES[function]
    agree_in_all_layouts("montecarlo", function, args, rtol)
    fill_out("montecarlo", function, args, rtol)
    work_in_place("montecarlo", function, args, rtol)


@each
def test_bad_arrays_and_places(function):
    args, name, _ = CASES[function]
    refuse_bad_arrays("montecarlo", function, list(args), {0: name})
    refuse_bad_out("montecarlo", function, list(args), in_place=True)


def test_bad_numbers():
    fail_alike("montecarlo", "mc_pi", (-1, 0), "n is -1")
    fail_alike("montecarlo", "mc_pi", (5.0, 0), "n must be a whole number")
    fail_alike("montecarlo", "mc_pi", (5, 0.5), "seed must be a whole number")
    z = np.ones(5)
    fail_alike("montecarlo", "black_scholes_paths", (z, "a", 0.0, 0.0), "start must be a number")
    fail_alike("montecarlo", "black_scholes_paths", (z, 1.0, None, 0.0), "drift must be a number")
    fail_alike("montecarlo", "black_scholes_paths", (z, 1.0, 0.0, [1]), "volatility must be a number")
