"""Many steps on a part of the rod that stays in the cache: the same answers bit for bit. IEEE rules."""

from paceline_models._rust import arrays_heat_step_fused as heat_step

__all__ = ["heat_step"]
