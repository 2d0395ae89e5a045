"""Sparse Jacobians: SciPy's finite differences and SuperLU, called by the stepping in Rust."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.integrate._ivp.common import num_jac
from scipy.optimize._numdiff import group_columns
from scipy.sparse import csc_matrix, eye, issparse
from scipy.sparse.linalg import splu

Array = NDArray[np.float64]


class SparseJacobian:
    """A Jacobian in compressed columns, and the factors of d I - s J.

    ``jacobian(t, y, f)`` returns it, with the number of right-hand sides that it took; without it, ``start``
    is constant. ``start`` is also what the first evaluation gives, if it is known.
    """

    def __init__(self, n: int, jacobian: Callable[..., tuple[Any, int]] | None, start: Any = None) -> None:
        self.constant = jacobian is None
        self._jacobian = jacobian
        self._start = start
        self._J = start
        self._identity = eye(n, format="csc")

    def evaluate(self, t: float, y: Array, f: Array | None) -> int:
        """Take the Jacobian at (t, y); return how many right-hand sides that took."""
        if self._start is not None:
            self._start = None
            return 0
        assert self._jacobian is not None
        self._J, calls = self._jacobian(t, y, f)
        return calls

    def factor(self, d: float, s: float) -> None:
        """Factor d I - s J."""
        self._real = splu(d * self._identity - s * self._J)

    def factor_complex(self, real: float, imaginary: float) -> None:
        """Factor d I - J, where d is complex."""
        self._complex = splu(complex(real, imaginary) * self._identity - self._J)

    def solve(self, b: Array) -> Array:
        """Solve with the real factors."""
        x: Array = self._real.solve(b)
        return x

    def solve_complex(self, b: NDArray[np.complex128]) -> NDArray[np.complex128]:
        """Solve with the complex factors."""
        x: NDArray[np.complex128] = self._complex.solve(b)
        return x


def by_differences(
    fun: Callable[[float, Array], Any], n: int, atol: Any, sparsity: Any, vectorized: bool
) -> SparseJacobian:
    """Return a Jacobian by finite differences, of which ``sparsity`` tells the entries that may not be 0."""
    structure = csc_matrix(sparsity) if issparse(sparsity) else sparsity
    groups = group_columns(structure)
    factor = None

    def columns(t: float, states: Array) -> Array:
        if vectorized:
            return np.asarray(fun(t, states), dtype=float)
        return np.stack([np.asarray(fun(t, y), dtype=float) for y in states.T], axis=1)

    def jacobian(t: float, y: Array, f: Array | None) -> tuple[Any, int]:
        nonlocal factor
        calls = 0

        def counted(t: float, states: Array) -> Array:
            nonlocal calls
            calls += states.shape[1]
            return columns(t, states)

        if f is None:
            f = counted(t, y[:, None])[:, 0]
        matrix, factor = num_jac(counted, t, y, f, atol, factor, (structure, groups))
        return matrix, calls

    return SparseJacobian(n, jacobian)


def by_callable(jac: Callable[[float, Array], Any], n: int, start: Any) -> SparseJacobian:
    """Return a Jacobian that ``jac(t, y)`` gives; ``start`` is what it gave at the start."""
    return SparseJacobian(n, lambda t, y, _: (csc_matrix(jac(t, y), dtype=float), 0), start)
