"""Series in Rust: a loop each; running sums within a register first (sums in another order)."""

from paceline_models._rust import arrays_convolve3 as convolve3
from paceline_models._rust import arrays_cumsum as cumsum
from paceline_models._rust import arrays_diff as diff
from paceline_models._rust import arrays_diff2 as diff2
from paceline_models._rust import arrays_diff_cumsum as diff_cumsum
from paceline_models._rust import arrays_gradient as gradient

__all__ = ["convolve3", "cumsum", "diff", "diff2", "diff_cumsum", "gradient"]
