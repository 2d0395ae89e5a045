"""An ablation: a new array for every operation (of every step), as NumPy does it. IEEE rules."""

from paceline_models._rust import arrays_heat_step_naive as heat_step
from paceline_models._rust import arrays_laplacian_naive as laplacian

__all__ = ["heat_step", "laplacian"]
