"""Matrix products in NumPy into the place of the answer: the BLAS that NumPy was built with."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, chained, destination, same_shape, square


def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the product (m, n)."""
    a, b = array("a", a, 2), array("b", b, 2)
    chained("a", a, "b", b)
    place = destination(out, (a.shape[0], b.shape[1]), (a, b), in_place=False)
    return np.matmul(a, b, out=place)


def matmul_small_batch(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the products (B, k, k)."""
    a, b = array("a", a, 3), array("b", b, 3)
    same_shape("b", b, "a", a)
    square("a", a)
    place = destination(out, a.shape, (a, b), in_place=False)
    return np.matmul(a, b, out=place)


def matrix_power(a: Array, out: Array | None = None) -> Array:
    """Return the fourth power (n, n)."""
    a = array("a", a, 2)
    square("a", a)
    place = destination(out, a.shape, (a,), in_place=False)
    squared = np.matmul(a, a)
    return np.matmul(squared, squared, out=place)


def transpose(a: Array, out: Array | None = None) -> Array:
    """Return the transposed copy (n, m)."""
    a = array("a", a, 2)
    place = destination(out, a.shape[::-1], (a,), in_place=False)
    answer = np.empty(a.shape[::-1]) if place is None else place
    np.copyto(answer, a.T)
    return answer
