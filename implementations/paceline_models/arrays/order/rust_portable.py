"""The same as ``rust_pyo3`` without AVX-512: the pass that all processors can run. IEEE rules."""

from paceline_models._rust import arrays_median_portable as median

__all__ = ["median"]
