"""Products by the crate matrixmultiply (AVX2, NEON), for processors without AVX-512; fused multiply-add."""

from paceline_models._rust import arrays_matmul_portable as matmul

__all__ = ["matmul"]
