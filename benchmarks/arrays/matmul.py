"""Matrix products by size; ``n`` is the side of a matrix, or the number of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, Workload

MATMUL = "paceline_models.arrays.matmul"
SIDES = (31, 100, 316, 1_000)
EPSILON = float(np.finfo(np.float64).eps)


class Matmul(Workload):
    """The product of two square matrices of values within [-1, 1]."""

    package, function = MATMUL, "matmul"
    axes = {"n": (32, 50, 64, 128, 256, 512), "memory": APART}
    rtol, atol = 0.0, 4 * EPSILON  # for a sum of one product
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return two matrices (n, n)."""
        return rng.uniform(-1.0, 1.0, (n, n)), rng.uniform(-1.0, 1.0, (n, n))

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare by a tolerance that grows with the number of products in a sum."""
        return super().compare(got, want, rtol, atol * len(want))


class MatmulThreads(Matmul):
    """The product of two square matrices on several threads."""

    axes = {"n": (256, 512), "memory": ("out",), "threads": (1, 2)}
    version = "1"


class MatmulSmallBatch(Workload):
    """The products of n pairs of small matrices."""

    package, function = MATMUL, "matmul_small_batch"
    axes = {"n": (62, 625, 6_250, 62_500), "k": (2, 3, 4), "memory": APART}
    rtol, atol = 1e-14, 1e-15
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int, k: int) -> tuple[Any, ...]:
        """Return two stacks (n, k, k) of standard normal values."""
        return rng.normal(size=(n, k, k)), rng.normal(size=(n, k, k))


class MatmulSmallBatchThreads(MatmulSmallBatch):
    """The products of n pairs of small matrices on several threads."""

    axes = {"n": (62_500,), "k": (2, 3, 4), "memory": ("out",), "threads": (1, 2)}
    version = "1"


class MatrixPower(Workload):
    """The fourth power of a matrix whose powers neither grow nor vanish."""

    package, function = MATMUL, "matrix_power"
    axes = {"n": SIDES, "memory": APART}
    rtol, atol = 1e-11, 1e-13
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix (n, n) with a spectral radius of about 1."""
        return (rng.normal(size=(n, n)) / np.sqrt(n),)


class MatrixPowerThreads(MatrixPower):
    """The fourth power of a matrix on several threads."""

    axes = {"n": (316,), "memory": ("out",), "threads": (1, 2)}
    version = "1"


class Transpose(Workload):
    """The transposed copy."""

    package, function = MATMUL, "transpose"
    axes = {"n": SIDES, "memory": APART}
    rtol, atol = 0.0, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix (n, n)."""
        return (rng.normal(size=(n, n)),)
