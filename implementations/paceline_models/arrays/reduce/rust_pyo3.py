"""Reductions in Rust: 64 sums side by side, blocks in pairs; variance in two passes over L1 blocks."""

from paceline_models._rust import arrays_corrcoef as corrcoef
from paceline_models._rust import arrays_covariance as covariance
from paceline_models._rust import arrays_mse as mse
from paceline_models._rust import arrays_norm as norm
from paceline_models._rust import arrays_std as std
from paceline_models._rust import arrays_sum as sum
from paceline_models._rust import arrays_var as var
from paceline_models._rust import arrays_weighted_mean as weighted_mean

__all__ = ["corrcoef", "covariance", "mse", "norm", "std", "sum", "var", "weighted_mean"]
