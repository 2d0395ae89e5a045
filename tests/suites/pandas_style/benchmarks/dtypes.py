"""Classes and objects as parameters; two objects are told apart by nothing that can be read."""

# ruff: noqa: RUF012

import decimal
import fractions

import numpy as np

from .vb_common import setup  # noqa: F401


class _Unit:
    def __init__(self, scale):
        self.scale = scale

    def __repr__(self):
        return "<unit>"


class Convert:
    params = ([int, float, decimal.Decimal, fractions.Fraction], [_Unit(1), _Unit(60), None])
    # no param_names: asv calls them param1 and param2

    def setup(self, kind, unit):
        self.texts = [str(number) for number in range(20)]
        self.scale = kind(unit.scale) if unit else kind(1)

    def time_convert(self, kind, unit):
        return [kind(text) * self.scale for text in self.texts]


class Cast:
    params = [[np.dtype("float32"), np.dtype([("day", "i4"), ("flow", "f8")]), np.timedelta64, object]]
    param_names = ["dtype"]

    def setup(self, dtype):
        self.numbers = np.arange(500)

    def time_astype(self, dtype):
        return self.numbers.astype(dtype)
