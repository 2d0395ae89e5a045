"""The same as ``rust_pyo3``, rows, windows and batches shared out among the threads."""

from paceline_models._rust import arrays_adam_rayon as adam
from paceline_models._rust import arrays_image_rayon as image
from paceline_models._rust import arrays_mlp_rayon as mlp
from paceline_models._rust import arrays_signal_rayon as signal

__all__ = ["adam", "image", "mlp", "signal"]
