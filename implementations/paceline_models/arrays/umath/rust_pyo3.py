"""Polynomials of our own in Rust, AVX-512 where the processor has it; fused multiply-add."""

from paceline_models._rust import arrays_cos as cos
from paceline_models._rust import arrays_exp as exp
from paceline_models._rust import arrays_log as log
from paceline_models._rust import arrays_sin as sin
from paceline_models._rust import arrays_sqrt as sqrt
from paceline_models._rust import arrays_tanh as tanh

__all__ = ["cos", "exp", "log", "sin", "sqrt", "tanh"]
