"""Activations in Rust: one loop a chain, AVX-512 where the processor has it; fused multiply-add."""

from paceline_models._rust import arrays_gelu as gelu
from paceline_models._rust import arrays_relu_scale_bias as relu_scale_bias
from paceline_models._rust import arrays_sigmoid as sigmoid
from paceline_models._rust import arrays_swish as swish

__all__ = ["gelu", "relu_scale_bias", "sigmoid", "swish"]
