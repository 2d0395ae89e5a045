"""The same as rust_pyo3 on the threads of rayon's pool."""

from paceline_models._rust import arrays_cos_rayon as cos
from paceline_models._rust import arrays_exp_rayon as exp
from paceline_models._rust import arrays_log_rayon as log
from paceline_models._rust import arrays_sin_rayon as sin
from paceline_models._rust import arrays_sqrt_rayon as sqrt
from paceline_models._rust import arrays_tanh_rayon as tanh

__all__ = ["cos", "exp", "log", "sin", "sqrt", "tanh"]
