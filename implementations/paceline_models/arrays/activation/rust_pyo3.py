"""Activations in Rust: one loop a chain, AVX-512 where the processor has it; fused multiply-add."""

from paceline_models._rust import arrays_exp_sin_chain as exp_sin_chain
from paceline_models._rust import arrays_gelu as gelu
from paceline_models._rust import arrays_log_softmax as log_softmax
from paceline_models._rust import arrays_relu_scale_bias as relu_scale_bias
from paceline_models._rust import arrays_sigmoid as sigmoid
from paceline_models._rust import arrays_softmax as softmax
from paceline_models._rust import arrays_swish as swish

__all__ = ["exp_sin_chain", "gelu", "log_softmax", "relu_scale_bias", "sigmoid", "softmax", "swish"]
