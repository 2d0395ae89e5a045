"""Dense LU with partial pivots, of real and complex matrices, and solving with it."""

from __future__ import annotations

from typing import Any

from paceline_models.ode._numba.calls import compiled


@compiled
def lu_factor(A: Any, pivots: Any) -> None:
    """Overwrite A (n, n) by L and U and ``pivots`` (n,) by the rows that were exchanged.

    A singular matrix gives infinities or NaN in what is solved with it, as in LAPACK's getrf and getrs.
    """
    n = A.shape[0]
    for k in range(n):
        best = k
        largest = abs(A[k, k])
        for i in range(k + 1, n):
            size = abs(A[i, k])
            if size > largest:
                best, largest = i, size
        pivots[k] = best
        if best != k:
            for j in range(n):
                A[k, j], A[best, j] = A[best, j], A[k, j]
        for i in range(k + 1, n):
            if A[i, k] != 0.0:
                A[i, k] /= A[k, k]
                multiple = A[i, k]
                for j in range(k + 1, n):
                    A[i, j] -= multiple * A[k, j]


@compiled
def lu_solve(LU: Any, pivots: Any, b: Any) -> None:
    """Overwrite b (n,) by the solution of A x = b."""
    n = b.size
    for k in range(n):
        other = pivots[k]
        if other != k:
            b[k], b[other] = b[other], b[k]
    for i in range(1, n):
        total = b[i]
        for j in range(i):
            total -= LU[i, j] * b[j]
        b[i] = total
    for i in range(n - 1, -1, -1):
        total = b[i]
        for j in range(i + 1, n):
            total -= LU[i, j] * b[j]
        b[i] = total / LU[i, i]
