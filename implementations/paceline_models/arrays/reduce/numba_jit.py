"""Reductions in Numba: plain loops, one sum in series (IEEE rules forbid another order)."""

from paceline_models.arrays._numba import compiled, number_of
from paceline_models.arrays.reduce import _loops

sum = number_of(compiled(_loops.total), "x")
norm = number_of(compiled(_loops.norm), "x")
var = number_of(compiled(_loops.var), "x")
std = number_of(compiled(_loops.std), "x")
weighted_mean = number_of(compiled(_loops.weighted_mean), "x", "w")
covariance = number_of(compiled(_loops.covariance), "x", "y")
mse = number_of(compiled(_loops.mse), "a", "b")
