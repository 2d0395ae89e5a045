"""Axis reductions in Rust: eight rows at a time into column sums, rows as full reductions."""

from paceline_models._rust import arrays_std_axis1 as std_axis1
from paceline_models._rust import arrays_sum_axis0 as sum_axis0
from paceline_models._rust import arrays_sum_axis1 as sum_axis1
from paceline_models._rust import arrays_var_axis0 as var_axis0

__all__ = ["std_axis1", "sum_axis0", "sum_axis1", "var_axis0"]
