"""Reductions in Rust with iterators, an array for every operation: one sum, in series. IEEE rules."""

from paceline_models._rust import arrays_norm_naive as norm
from paceline_models._rust import arrays_std_naive as std
from paceline_models._rust import arrays_sum_naive as sum
from paceline_models._rust import arrays_var_naive as var

__all__ = ["norm", "std", "sum", "var"]
