"""Matrix products in Rust: packed register tiles, 8 x 24 with AVX-512, else matrixmultiply's; fused."""

from paceline_models._rust import arrays_matmul as matmul
from paceline_models._rust import arrays_matmul_small_batch as matmul_small_batch
from paceline_models._rust import arrays_matrix_power as matrix_power
from paceline_models._rust import arrays_transpose as transpose

__all__ = ["matmul", "matmul_small_batch", "matrix_power", "transpose"]
