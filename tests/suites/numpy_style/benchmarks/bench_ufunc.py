"""Functions and classes as parameters; two of them read the same."""

# ruff: noqa: RUF012

import operator

import numpy as np

from .common import Benchmark


def _twice(values):
    return values + values


def _shifted(by):
    return lambda values: values + by


class Unary(Benchmark):
    params = [[np.sqrt, np.exp, operator.neg, _twice, _shifted(1.0), _shifted(2.0)], [100, 10_000]]
    param_names = ["function", "n"]

    def setup(self, function, n):
        self.values = np.linspace(0.5, 4.0, n)

    def time_apply(self, function, n):
        return function(self.values)


class Accumulate(Benchmark):
    """Skipped by name: the pair stands in ``skip_params``."""

    params = [["add", "multiply", "subtract"], [1_000, 100_000]]
    param_names = ["ufunc", "n"]
    skip_params = [("subtract", 100_000)]

    def setup(self, ufunc, n):
        if (ufunc, n) in self.skip_params:
            raise RuntimeError("setup of what is skipped")
        self.ufunc = getattr(np, ufunc)
        self.values = np.full(n, 1.0)

    def time_accumulate(self, ufunc, n):
        self.ufunc.accumulate(self.values)
