"""Axis reductions in Numba: plain loops in the order of memory. IEEE rules."""

from paceline_models.arrays._numba import along, compiled
from paceline_models.arrays.axis import _loops

sum_axis0 = along(compiled(_loops.sum_axis0), 0)
sum_axis1 = along(compiled(_loops.sum_axis1), 1)
var_axis0 = along(compiled(_loops.var_axis0), 0)
std_axis1 = along(compiled(_loops.std_axis1), 1)
