"""Pipelines in Rust, fused by rows, windows and batches that stay in cache; products in register tiles."""

from paceline_models._rust import arrays_adam as adam
from paceline_models._rust import arrays_image as image
from paceline_models._rust import arrays_mlp as mlp
from paceline_models._rust import arrays_signal as signal

__all__ = ["adam", "image", "mlp", "signal"]
