"""The same as ``rust_pyo3``, rows and parts of a stack shared out among the threads; fused multiply-add."""

from paceline_models._rust import arrays_matmul_rayon as matmul
from paceline_models._rust import arrays_matmul_small_batch_rayon as matmul_small_batch
from paceline_models._rust import arrays_matrix_power_rayon as matrix_power

__all__ = ["matmul", "matmul_small_batch", "matrix_power"]
