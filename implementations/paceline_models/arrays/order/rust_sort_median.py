"""An ablation: the median from a sorted copy, as a seed's program had it. IEEE rules."""

from paceline_models._rust import arrays_median_sorted as median

__all__ = ["median"]
