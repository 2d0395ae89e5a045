"""The same as ``rust_pyo3``, the pass shared out among the threads. IEEE rules."""

from paceline_models._rust import arrays_median_rayon as median
from paceline_models._rust import arrays_percentile_rayon as percentile

__all__ = ["median", "percentile"]
