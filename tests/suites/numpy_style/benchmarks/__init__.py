"""A suite in NumPy's manner: a common parent class, types as parameters, tiny calls, in-place sorts."""

from . import common

assert common.ROWS > 0
