"""Matrix products as NumPy users write them: the BLAS that NumPy was built with. Sums in the BLAS's order."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, chained, destination, placed, same_shape, square


def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the product (m, n)."""
    a, b = array("a", a, 2), array("b", b, 2)
    chained("a", a, "b", b)
    destination(out, (a.shape[0], b.shape[1]), (a, b), in_place=False)
    return placed(out, a @ b)


def matmul_small_batch(a: Array, b: Array, out: Array | None = None) -> Array:
    """Return the products (B, k, k)."""
    a, b = array("a", a, 3), array("b", b, 3)
    same_shape("b", b, "a", a)
    square("a", a)
    destination(out, a.shape, (a, b), in_place=False)
    return placed(out, a @ b)


def matrix_power(a: Array, out: Array | None = None) -> Array:
    """Return the fourth power (n, n)."""
    a = array("a", a, 2)
    square("a", a)
    destination(out, a.shape, (a,), in_place=False)
    squared = a @ a
    return placed(out, squared @ squared)


def transpose(a: Array, out: Array | None = None) -> Array:
    """Return the transposed copy (n, m)."""
    a = array("a", a, 2)
    destination(out, a.shape[::-1], (a,), in_place=False)
    return placed(out, np.array(a.T, order="C"))
