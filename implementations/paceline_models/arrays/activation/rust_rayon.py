"""The same as rust_pyo3 on the threads of rayon's pool."""

from paceline_models._rust import arrays_exp_sin_chain_rayon as exp_sin_chain
from paceline_models._rust import arrays_gelu_rayon as gelu
from paceline_models._rust import arrays_relu_scale_bias_rayon as relu_scale_bias
from paceline_models._rust import arrays_sigmoid_rayon as sigmoid
from paceline_models._rust import arrays_swish_rayon as swish

__all__ = ["exp_sin_chain", "gelu", "relu_scale_bias", "sigmoid", "swish"]
