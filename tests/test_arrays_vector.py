"""Vector mathematics against 80-bit floats: at most 4 ulp off, and right where numbers end."""

import importlib

import numpy as np
import pytest
from array_runs import has_rust, quietly
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

NAMES = ["numba_jit", *(["rust_pyo3"] if has_rust() else [])]
WIDE = np.finfo(np.longdouble).nmant >= 63
each = pytest.mark.parametrize("name", NAMES)
needs_wide = pytest.mark.skipif(not WIDE, reason="no 80-bit floats here")
LOW, HIGH = -745.1332191019411, 709.782712893384


def umath(name):
    return importlib.import_module(f"paceline_models.arrays.umath.{name}")


def ulps(function, exact, x):
    """Return the largest error in units of the exact answer's last place."""
    want = quietly(exact, x.astype(np.longdouble))
    got = function(x).astype(np.longdouble)
    unit = np.spacing(np.abs(want.astype(float))).astype(np.longdouble)
    return float(np.max(np.abs(got - want) / unit))


RANGES = {
    "exp": [(LOW, HIGH), (-1.0, 1.0), (-746.0, -708.0), (709.0, HIGH), (-1e-8, 1e-8)],
    "log": [(0.5, 2.0), (0.999, 1.001), (5e-324, 1e-300), (1e300, 1.7e308), (1e-3, 100.0)],
    "tanh": [(-1.0, 1.0), (-1e-6, 1e-6), (-25.0, 25.0)],
}


@needs_wide
@each
@pytest.mark.parametrize(("function", "low", "high"), [(f, *r) for f, rs in RANGES.items() for r in rs])
def test_ulps(name, function, low, high):
    x = np.random.default_rng(7).uniform(low, high, 200_003)
    assert ulps(getattr(umath(name), function), getattr(np, function), x) <= 4.0


@needs_wide
@each
def test_ulps_over_all_magnitudes(name):
    x = 10.0 ** np.random.default_rng(8).uniform(-323, 308, 200_003)
    assert ulps(umath(name).log, np.log, x) <= 4.0
    assert ulps(umath(name).tanh, np.tanh, x) <= 4.0


@needs_wide
@each
@pytest.mark.parametrize("function", ["sin", "cos"])
@pytest.mark.parametrize("largest", [1.0, 100.0, 1e5])
def test_angles(name, function, largest):
    x = np.random.default_rng(9).uniform(-largest, largest, 200_003)
    k = np.arange(-30_000, 30_000)
    angles = np.concatenate((x, k * np.pi, (k + 0.5) * np.pi))
    angles = angles[np.abs(angles) <= largest]
    want = getattr(np, function)(angles.astype(np.longdouble))
    assert np.abs(getattr(umath(name), function)(angles) - want).max() <= 4e-16


@each
@pytest.mark.parametrize("function", ["sin", "cos"])
def test_large_angles_are_the_c_librarys_even_among_small_ones(name, function):
    x = np.random.default_rng(10).uniform(-100.0, 100.0, 5000)
    x[[0, 600, 601, 4999]] = [1e5 + 1e-9, -1e22, 1.7e308, np.nextafter(1e5, 2e5)]
    got, want = getattr(umath(name), function)(x), getattr(np, function)(x)
    np.testing.assert_allclose(got, want, rtol=0.0, atol=4e-16)


@each
@pytest.mark.parametrize("function", ["exp", "log", "sin", "cos", "tanh", "sqrt"])
def test_where_numbers_end(name, function):
    ends = [0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, -5e-324, 1e-310, -1e-310, 2.3e-308, 1.7e308]
    near = [HIGH, np.nextafter(HIGH, 1e3), LOW, np.nextafter(LOW, -1e3), -745.2, 1e300, -1e300]
    x = np.array([*ends, *near])
    got = quietly(getattr(umath(name), function), x)
    want = quietly(getattr(np, function), x)
    np.testing.assert_allclose(got, want, rtol=1e-14, atol=4e-16 if function in ("sin", "cos") else 0.0)
    zero = (want == 0.0) | (got == 0.0)
    np.testing.assert_array_equal(np.signbit(got[zero]), np.signbit(want[zero]))


@each
@settings(max_examples=150, deadline=None)
@given(x=arrays(np.float64, st.integers(0, 70), elements=st.floats(width=64, allow_nan=True)))
def test_any_number(name, x):
    for function in ("exp", "log", "tanh", "sqrt", "sin", "cos"):
        got = quietly(getattr(umath(name), function), x)
        want = quietly(getattr(np, function), x)
        np.testing.assert_allclose(
            got, want, rtol=1e-14, atol=4e-16 if function in ("sin", "cos") else 5e-324
        )
