"""Calls of a microsecond and less, and reductions along an axis that may be None."""

# ruff: noqa: RUF012

import numpy as np

from .common import ROWS, TYPES, Benchmark, square


class Core(Benchmark):
    def setup(self):
        self.short = list(range(64))
        self.row = np.arange(64.0)

    def time_array_of_a_list(self):
        np.array(self.short)

    def time_item(self):
        self.row[31]


class Empty(Benchmark):
    """No setup at all: asv chooses how many calls make a sample."""

    params = [[(), 3, (4, 5)]]  # the outer list is needed: a tuple comes first
    param_names = ["shape"]

    def time_empty(self, shape):
        np.empty(shape)


class Reduction(Benchmark):
    params = [[None, 0, -1], TYPES]
    param_names = ["axis", "dtype"]

    def setup(self, axis, dtype):
        if axis == -1 and np.dtype(dtype).kind == "c":
            raise NotImplementedError("no complex sums along the last axis")
        self.matrix = square(np.dtype(dtype).str)

    def time_sum(self, axis, dtype):
        self.matrix.sum(axis=axis)


class Indexing(Benchmark):
    """Parameters that are slices and arrays: their text is long, or several lines."""

    params = [[slice(None, None, 2), np.arange(0, ROWS, 3), np.eye(3, dtype=bool).nonzero()[0], Ellipsis]]
    param_names = ["index"]

    def setup(self, index):
        self.matrix = square("float64")

    def time_take(self, index):
        self.matrix[index].copy()
