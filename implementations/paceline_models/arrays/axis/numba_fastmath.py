"""Axis reductions in Numba: the same loops, sums in any order (``reassoc``, ``contract``)."""

from paceline_models.arrays._numba import along, compiled_reassoc
from paceline_models.arrays.axis import _loops

sum_axis0 = along(compiled_reassoc(_loops.sum_axis0), 0)
sum_axis1 = along(compiled_reassoc(_loops.sum_axis1), 1)
var_axis0 = along(compiled_reassoc(_loops.var_axis0), 0)
std_axis1 = along(compiled_reassoc(_loops.std_axis1), 1)
