"""Variance in Rust by Welford's update, as two performance plans advise: a division an element, in series."""

from paceline_models._rust import arrays_std_welford as std
from paceline_models._rust import arrays_var_welford as var

__all__ = ["std", "var"]
