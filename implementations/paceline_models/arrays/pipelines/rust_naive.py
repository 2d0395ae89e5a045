"""An ablation: one allocation for every operation, as NumPy does it; sums in series. IEEE rules."""

from paceline_models._rust import arrays_adam_naive as adam
from paceline_models._rust import arrays_image_naive as image
from paceline_models._rust import arrays_signal_naive as signal

__all__ = ["adam", "image", "signal"]
