"""The same vector loops as rust_pyo3 without fusion: a new array for every operation of a chain."""

from paceline_models._rust import arrays_gelu_naive as gelu
from paceline_models._rust import arrays_relu_scale_bias_naive as relu_scale_bias
from paceline_models._rust import arrays_sigmoid_naive as sigmoid
from paceline_models._rust import arrays_swish_naive as swish

__all__ = ["gelu", "relu_scale_bias", "sigmoid", "swish"]
