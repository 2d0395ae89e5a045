"""Matrix products against NumPy's: every shape of a tile's edge, special values, layouts, bad input."""

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
from hypothesis import example, given, settings
from hypothesis import strategies as st

EPSILON = np.finfo(np.float64).eps
SIDES = st.integers(0, 70)


def matrices(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1.0, 1.0, shape) for shape in shapes]


@settings(max_examples=60, deadline=None)
@given(m=SIDES, k=SIDES, n=SIDES, seed=st.integers(0, 2**32 - 1))
@example(m=0, k=5, n=3, seed=0)
@example(m=5, k=0, n=3, seed=0)
@example(m=5, k=3, n=0, seed=0)
def test_matmul_of_any_shape(m, k, n, seed):
    agree("matmul", "matmul", matrices(seed, (m, k), (k, n)), atol=4 * max(k, 1) * EPSILON)


@pytest.mark.parametrize(
    "shape", [(129, 1, 129), (1, 300, 1), (200, 257, 25), (97, 513, 49), (8, 700, 1030), (330, 20, 7)]
)
def test_matmul_of_packed_blocks(shape):
    m, k, n = shape
    agree("matmul", "matmul", matrices(m, (m, k), (k, n)), atol=4 * k * EPSILON)


@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf, 5e-324])
@pytest.mark.parametrize("n", [5, 140])
def test_what_is_not_finite_stays_in_its_row(special, n):
    a, b = matrices(n, (n, n), (n, n))
    a[n // 2, n // 3] = special
    b[0] = 0.0
    with np.errstate(invalid="ignore"):
        agree("matmul", "matmul", (a, b), atol=4 * n * EPSILON)


@settings(max_examples=60, deadline=None)
@given(count=SIDES, k=st.integers(0, 6), seed=st.integers(0, 2**32 - 1))
def test_small_products(count, k, seed):
    a, b = matrices(seed, (count, k, k), (count, k, k))
    agree("matmul", "matmul_small_batch", (a, b), rtol=1e-14, atol=1e-15)


def test_small_products_of_special_values():
    rng = np.random.default_rng(4)
    for k in (1, 2, 3, 4, 5):
        a, b = (rng.choice([np.nan, np.inf, -np.inf, 0.0, 1.0, -2.0], (500, k, k)) for _ in range(2))
        with np.errstate(invalid="ignore"):
            agree("matmul", "matmul_small_batch", (a, b))


@pytest.mark.parametrize("n", [0, 1, 2, 7, 64, 129, 200])
def test_fourth_power(n):
    a = np.random.default_rng(n).normal(size=(n, n)) / max(n, 1) ** 0.5
    agree("matmul", "matrix_power", (a,), rtol=1e-11, atol=1e-13)


@settings(max_examples=60, deadline=None)
@given(m=SIDES, n=SIDES)
def test_transpose(m, n):
    x = np.arange(m * n, dtype=np.float64).reshape(m, n)
    want = agree("matmul", "transpose", (x,))
    assert want.flags.c_contiguous


CASES = {
    "matmul": (matrices(1, (30, 20), (20, 25)), {0: "a", 1: "b"}, 1e-13),
    "matmul_small_batch": (matrices(2, (30, 3, 3), (30, 3, 3)), {0: "a", 1: "b"}, 1e-14),
    "matrix_power": (matrices(3, (20, 20)), {0: "a"}, 1e-11),
    "transpose": (matrices(4, (20, 30)), {0: "a"}, 0.0),
}
each = pytest.mark.parametrize("function", CASES)


@each
def test_layouts_and_places(function):
    args, _, atol = CASES[function]
    agree_in_all_layouts("matmul", function, args, atol=atol)
    fill_out("matmul", function, args, atol=atol)


@each
def test_bad_arrays_and_places(function):
    args, names, _ = CASES[function]
    refuse_bad_arrays("matmul", function, args, names)
    refuse_bad_out("matmul", function, args)


def test_bad_shapes():
    fail_alike("matmul", "matmul", matrices(5, (3, 4), (5, 3)), "b must have 4 rows, as a has columns")
    fail_alike("matmul", "matmul_small_batch", matrices(5, (3, 4, 4), (3, 3, 3)), "b has shape")
    fail_alike("matmul", "matmul_small_batch", matrices(5, (3, 4, 5), (3, 4, 5)), "a must be square")
    fail_alike("matmul", "matrix_power", matrices(5, (3, 4)), "a must be square")
    a = matrices(5, (30, 30))[0]
    fail_alike("matmul", "matmul", (a, a), "out overlaps an argument", out=a)
