"""Matrix products for Numba: rows of C from rows of B, four at a time, and small products unrolled."""

from __future__ import annotations

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled
from paceline_models.arrays._numba_math import fma

SIDE = 8


@compiled
def rows_of_product(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill rows of C: four of them from each row of B, so that a value that is loaded is used four times."""
    n = b.shape[1]
    row = first
    while row + 4 <= end:
        c0, c1, c2, c3 = c[row], c[row + 1], c[row + 2], c[row + 3]
        c[row : row + 4] = 0.0
        for k in range(b.shape[0]):
            a0, a1, a2, a3, line = a[row, k], a[row + 1, k], a[row + 2, k], a[row + 3, k], b[k]
            for j in range(n):
                value = line[j]
                c0[j] = fma(a0, value, c0[j])
                c1[j] = fma(a1, value, c1[j])
                c2[j] = fma(a2, value, c2[j])
                c3[j] = fma(a3, value, c3[j])
        row += 4
    for i in range(row, end):
        c[i] = 0.0
        for k in range(b.shape[0]):
            factor, line, sums = a[i, k], b[k], c[i]
            for j in range(n):
                sums[j] = fma(factor, line[j], sums[j])


@compiled
def batch(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill some products of a stack."""
    k = a.shape[1]
    for i in range(first, end):
        for row in range(k):
            for column in range(k):
                total = a[i, row, 0] * b[i, 0, column]
                for depth in range(1, k):
                    total = fma(a[i, row, depth], b[i, depth, column], total)
                c[i, row, column] = total


@compiled
def batch2(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill some products of 2 x 2 matrices."""
    for i in range(first, end):
        for row in range(2):
            a0, a1 = a[i, row, 0], a[i, row, 1]
            c[i, row, 0] = fma(a1, b[i, 1, 0], a0 * b[i, 0, 0])
            c[i, row, 1] = fma(a1, b[i, 1, 1], a0 * b[i, 0, 1])


@compiled
def batch3(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill some products of 3 x 3 matrices."""
    for i in range(first, end):
        for row in range(3):
            a0, a1, a2 = a[i, row, 0], a[i, row, 1], a[i, row, 2]
            for column in range(3):
                total = fma(a1, b[i, 1, column], a0 * b[i, 0, column])
                c[i, row, column] = fma(a2, b[i, 2, column], total)


@compiled
def batch4(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill some products of 4 x 4 matrices."""
    for i in range(first, end):
        for row in range(4):
            a0, a1, a2, a3 = a[i, row, 0], a[i, row, 1], a[i, row, 2], a[i, row, 3]
            for column in range(4):
                total = fma(a1, b[i, 1, column], a0 * b[i, 0, column])
                total = fma(a2, b[i, 2, column], total)
                c[i, row, column] = fma(a3, b[i, 3, column], total)


@compiled
def small(a: Array, b: Array, first: int, end: int, c: Array) -> None:
    """Fill some products of a stack, unrolled where they are small."""
    k = a.shape[1]
    if k == 2:
        batch2(a, b, first, end, c)
    elif k == 3:
        batch3(a, b, first, end, c)
    elif k == 4:
        batch4(a, b, first, end, c)
    elif k > 0:
        batch(a, b, first, end, c)


@compiled
def transposed(a: Array, out: Array) -> None:
    """Fill the transposed matrix by squares of eight: whole cache lines on both sides."""
    rows, columns = a.shape
    for top in range(0, rows, SIDE):
        for left in range(0, columns, SIDE):
            for column in range(left, min(left + SIDE, columns)):
                for row in range(top, min(top + SIDE, rows)):
                    out[column, row] = a[row, column]
