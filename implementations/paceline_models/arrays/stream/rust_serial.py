"""The running sum in Rust in order, each sum waiting for the one before: exactly NumPy's. IEEE rules."""

from paceline_models._rust import arrays_cumsum_serial as cumsum

__all__ = ["cumsum"]
