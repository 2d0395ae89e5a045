"""The same as rust_pyo3 on the threads of rayon's pool; parts are joined in order."""

from paceline_models._rust import arrays_norm_rayon as norm
from paceline_models._rust import arrays_std_rayon as std
from paceline_models._rust import arrays_sum_rayon as sum
from paceline_models._rust import arrays_var_rayon as var

__all__ = ["norm", "std", "sum", "var"]
