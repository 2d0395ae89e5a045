"""Normalisation in Rust: moments in one reading, then one map; by reciprocals; fused multiply-add."""

from paceline_models._rust import arrays_batch_norm as batch_norm
from paceline_models._rust import arrays_image_normalize as image_normalize
from paceline_models._rust import arrays_layer_norm as layer_norm
from paceline_models._rust import arrays_layer_norm_rows as layer_norm_rows
from paceline_models._rust import arrays_zscore as zscore
from paceline_models._rust import arrays_zscore_2d as zscore_2d

__all__ = ["batch_norm", "image_normalize", "layer_norm", "layer_norm_rows", "zscore", "zscore_2d"]
