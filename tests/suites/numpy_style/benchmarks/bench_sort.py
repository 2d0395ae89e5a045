"""Sorting in place: what is timed destroys what setup has made."""

# ruff: noqa: RUF012

import numpy as np

from .common import Benchmark


class Shuffled(Benchmark):
    params = [["quicksort", "stable"], ["float64", "int16"], [1_000]]

    def setup(self, kind, dtype, n):
        self.values = np.random.default_rng(20).permutation(n).astype(dtype)

    def time_sort(self, kind, dtype, n):
        self.values.sort(kind=kind)

    def time_argsort(self, kind, dtype, n):
        return self.values.argsort(kind=kind)


class SortOnce(Benchmark):
    """Says itself that a sample is one call."""

    number = 1
    repeat = 12

    def setup(self):
        self.values = np.random.default_rng(21).random(20_000)
        self.sorted_before = False

    def time_sort_in_place(self):
        assert not self.sorted_before, "sorted twice without setup in between"
        self.sorted_before = True
        self.values.sort()
