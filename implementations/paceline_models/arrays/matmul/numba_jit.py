"""Matrix products in Numba: four rows at a time, neither packed nor in register tiles; fused multiply-add."""

from __future__ import annotations

from paceline_models.arrays._checks import Array, contiguous, placed, target
from paceline_models.arrays._numba import compiled
from paceline_models.arrays.matmul._calls import of_matrices, of_powers, of_stacks
from paceline_models.arrays.matmul._numba import rows_of_product, small, transposed


@compiled
def _multiply(a: Array, b: Array, c: Array) -> None:
    rows_of_product(a, b, 0, c.shape[0], c)


@compiled
def _batch(a: Array, b: Array, c: Array) -> None:
    small(a, b, 0, c.shape[0], c)


matmul = of_matrices(_multiply)
matmul_small_batch = of_stacks(_batch)
matrix_power = of_powers(_multiply)


def transpose(a: Array, out: Array | None = None) -> Array:
    """Return the transposed copy (n, m)."""
    given = contiguous("a", a, 2)
    filled = target(out, given.shape[::-1], (a,), in_place=False)
    transposed(given, filled)
    return placed(out, filled)
