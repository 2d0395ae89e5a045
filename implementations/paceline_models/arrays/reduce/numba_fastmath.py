"""Reductions in Numba: the same loops, in any order (``reassoc``, ``contract``): sums side by side."""

from paceline_models.arrays._numba import compiled_reassoc, number_of
from paceline_models.arrays.reduce import _loops

sum = number_of(compiled_reassoc(_loops.total), "x")
norm = number_of(compiled_reassoc(_loops.norm), "x")
var = number_of(compiled_reassoc(_loops.var), "x")
std = number_of(compiled_reassoc(_loops.std), "x")
weighted_mean = number_of(compiled_reassoc(_loops.weighted_mean), "x", "w")
covariance = number_of(compiled_reassoc(_loops.covariance), "x", "y")
mse = number_of(compiled_reassoc(_loops.mse), "a", "b")
