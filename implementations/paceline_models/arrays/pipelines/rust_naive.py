"""An ablation: one allocation for every operation, as NumPy does it. IEEE rules."""

from paceline_models._rust import arrays_adam_naive as adam

__all__ = ["adam"]
