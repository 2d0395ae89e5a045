"""How the matrix products of Numba are called: checked arguments and a place for the answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from paceline_models.arrays._checks import Array, chained, contiguous, placed, same_shape, square, target

Product = Callable[[Array, Array, Array], object]


def of_matrices(multiply: Product) -> Callable[..., Array]:
    """Return ``matmul(a, b, out=None)``."""

    def matmul(a: Array, b: Array, out: Array | None = None) -> Array:
        left, right = contiguous("a", a, 2), contiguous("b", b, 2)
        chained("a", left, "b", right)
        filled = target(out, (left.shape[0], right.shape[1]), (a, b), in_place=False)
        multiply(left, right, filled)
        return placed(out, filled)

    return matmul


def of_stacks(multiply: Product) -> Callable[..., Array]:
    """Return ``matmul_small_batch(a, b, out=None)``."""

    def matmul_small_batch(a: Array, b: Array, out: Array | None = None) -> Array:
        left, right = contiguous("a", a, 3), contiguous("b", b, 3)
        same_shape("b", right, "a", left)
        square("a", left)
        filled = target(out, left.shape, (a, b), in_place=False)
        multiply(left, right, filled)
        return placed(out, filled)

    return matmul_small_batch


def of_powers(multiply: Product) -> Callable[..., Array]:
    """Return ``matrix_power(a, out=None)``."""

    def matrix_power(a: Array, out: Array | None = None) -> Array:
        given = contiguous("a", a, 2)
        square("a", given)
        filled = target(out, given.shape, (a,), in_place=False)
        squared = np.empty(given.shape)
        multiply(given, given, squared)
        multiply(squared, squared, filled)
        return placed(out, filled)

    return matrix_power
