"""The same as ``rust_pyo3``, rows shared out among the threads; the rod as in ``rust_fused``. IEEE rules."""

from paceline_models._rust import arrays_box_blur3_rayon as box_blur3
from paceline_models._rust import arrays_heat_step_rayon as heat_step
from paceline_models._rust import arrays_laplacian_rayon as laplacian
from paceline_models._rust import arrays_sobel_rayon as sobel
from paceline_models._rust import arrays_vector_magnitude_rayon as vector_magnitude

__all__ = ["box_blur3", "heat_step", "laplacian", "sobel", "vector_magnitude"]
