"""The same as ``numba_jit``, rows and parts of a stack shared out among the threads; fused multiply-add."""

from __future__ import annotations

from numba import prange

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_parallel
from paceline_models.arrays.matmul._calls import of_matrices, of_powers, of_stacks
from paceline_models.arrays.matmul._numba import rows_of_product, small

ROWS, PART = 16, 1024


@compiled_parallel
def _multiply(a: Array, b: Array, c: Array) -> None:
    for part in prange((c.shape[0] + ROWS - 1) // ROWS):
        rows_of_product(a, b, part * ROWS, min((part + 1) * ROWS, c.shape[0]), c)


@compiled_parallel
def _batch(a: Array, b: Array, c: Array) -> None:
    for part in prange((c.shape[0] + PART - 1) // PART):
        small(a, b, part * PART, min((part + 1) * PART, c.shape[0]), c)


matmul = of_matrices(_multiply)
matmul_small_batch = of_stacks(_batch)
matrix_power = of_powers(_multiply)
