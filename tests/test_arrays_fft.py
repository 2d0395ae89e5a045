"""Fourier transforms of any length against NumPy's, and what they refuse."""

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

EPSILON = np.finfo(np.float64).eps
FUNCTIONS = ("fft_roundtrip", "fft_lowpass", "power_spectrum")
each = pytest.mark.parametrize("function", FUNCTIONS)


def wave(n):
    return np.random.default_rng(n).uniform(-1.0, 1.0, n)


def bound(function, n):
    """Return rtol and atol: 16 eps a doubling for signals, and for powers that times the largest sum."""
    doublings = max(np.log2(n), 1.0)
    if function == "power_spectrum":
        return 1e-11, 16 * EPSILON * doublings * n
    return 0.0, 16 * EPSILON * doublings


@each
@settings(max_examples=50, deadline=None)
@given(n=st.integers(1, 70))
def test_all_short_lengths(function, n):
    rtol, atol = bound(function, n)
    agree("fft", function, (wave(n),), rtol, atol)


@each
@pytest.mark.parametrize("n", [128, 512, 1000, 1009, 1024, 2048, 4095, 16384])
def test_powers_of_two_primes_and_others(function, n):
    rtol, atol = bound(function, n)
    agree("fft", function, (wave(n),), rtol, atol)


def test_lowpass_keeps_slow_waves_and_takes_fast_ones_away():
    time = np.arange(256) / 256
    slow, fast = np.sin(2 * np.pi * 3 * time), np.sin(2 * np.pi * 100 * time)
    want = agree("fft", "fft_lowpass", (slow + fast,), atol=1e-13)
    np.testing.assert_allclose(want.real, slow, atol=1e-13)


@each
def test_layouts_and_places(function):
    rtol, atol = bound(function, 64)
    for n in (60, 64):
        agree_in_all_layouts("fft", function, (wave(n),), rtol, atol)
        fill_out("fft", function, (wave(n),), rtol, atol)


@each
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_refused(function, special):
    x = wave(40)
    x[17] = special
    fail_alike("fft", function, (x,), rf"x\[17\] is {special}: a transform needs finite values")
    fail_alike("fft", function, (np.empty(0),), "x has 0 elements")


@each
def test_bad_arrays_and_places(function):
    refuse_bad_arrays("fft", function, [wave(40)], {0: "x"})
    refuse_bad_out("fft", function, [wave(40)])
