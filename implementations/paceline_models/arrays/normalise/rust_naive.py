"""The same vector loops as rust_pyo3 without fusion: a new array for every operation."""

from paceline_models._rust import arrays_zscore_naive as zscore

__all__ = ["zscore"]
