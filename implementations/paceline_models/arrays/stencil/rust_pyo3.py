"""Stencils in Rust, row by row: the same text as ``numba_jit``. IEEE rules."""

from paceline_models._rust import arrays_box_blur3 as box_blur3
from paceline_models._rust import arrays_heat_step as heat_step
from paceline_models._rust import arrays_laplacian as laplacian
from paceline_models._rust import arrays_sobel as sobel
from paceline_models._rust import arrays_vector_magnitude as vector_magnitude

__all__ = ["box_blur3", "heat_step", "laplacian", "sobel", "vector_magnitude"]
