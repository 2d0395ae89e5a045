"""New arrays in Rust: filled where they are made. IEEE rules."""

from paceline_models._rust import arrays_linspace as linspace
from paceline_models._rust import arrays_ones as ones
from paceline_models._rust import arrays_zeros as zeros

__all__ = ["linspace", "ones", "zeros"]
