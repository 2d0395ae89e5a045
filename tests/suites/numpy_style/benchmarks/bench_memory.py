"""Memory: of the process, and of one object."""

# ruff: noqa: RUF012

import numpy as np

from .common import Benchmark


class Memory(Benchmark):
    params = [[1_000, 1_000_000]]
    param_names = ["n"]

    def peakmem_ones(self, n):
        np.ones(n).sum()

    def mem_list(self, n):
        return [0] * (n // 100)
