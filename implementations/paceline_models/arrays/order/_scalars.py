"""Scalars of an order statistic."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array


def between(low: float, high: float, weight: float) -> float:
    """Return NumPy's linear interpolation: from the nearer side."""
    difference = high - low
    return high - difference * (1.0 - weight) if weight >= 0.5 else low + difference * weight


def middle(n: int) -> tuple[int, int]:
    """Return the ranks whose mean is the median of n values."""
    return (n - 1) // 2, n // 2


def of_parted(parted: Array, rank: int, following: int) -> tuple[float, float]:
    """Return the values of a rank and of the next (or the same), at which ``parted`` is parted."""
    high = float(parted[following])
    return (high if rank == following else float(parted[:following].max())), high


def has_nan(x: Array) -> bool:
    """Tell whether there is a NaN, by one pass: the largest element would be one."""
    return bool(np.isnan(x.max()))
