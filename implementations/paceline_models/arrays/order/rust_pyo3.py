"""Order statistics in Rust: sample, bracket, one pass, AVX-512 where the processor has it. IEEE rules."""

from paceline_models._rust import arrays_bincount as bincount
from paceline_models._rust import arrays_median as median
from paceline_models._rust import arrays_percentile as percentile

__all__ = ["bincount", "median", "percentile"]
