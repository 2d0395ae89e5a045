"""The C library's functions in Rust, a number at a time: what `mapv(f64::sin)` costs."""

from paceline_models._rust import arrays_cos_libm as cos
from paceline_models._rust import arrays_exp_libm as exp
from paceline_models._rust import arrays_log_libm as log
from paceline_models._rust import arrays_sin_libm as sin
from paceline_models._rust import arrays_tanh_libm as tanh

__all__ = ["cos", "exp", "log", "sin", "tanh"]
