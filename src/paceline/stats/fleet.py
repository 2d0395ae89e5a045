"""One series from a fleet: ratios of several processor models, each with a level of its own.

Between models the ratio of two commits differs, within one it does not: a kernel that gained from wide
vectors gained on some. So each model's offset to the common level is taken out before changes are looked
for.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from paceline.stats.changepoints import THRESHOLD, Floats, potts

FEWEST = 4  # values of a model before its offset is known well enough to use them
ROUNDS = 3


def aligned(values: Sequence[float], models: Sequence[str], threshold: float = THRESHOLD) -> list[float]:
    """Return the series without its models' offsets; NaN where too little is known of a model yet.

    The offset of a model is the median of its distances to the common level, and the common level is the
    Potts fit of the series without offsets: both in turns, three times. The model seen most has none.
    """
    x = np.asarray(values, dtype=np.float64)
    names = sorted(set(models), key=lambda name: (-list(models).count(name), name))
    masks = [np.asarray([one == name for one in models], dtype=bool) for name in names]
    known = np.zeros(len(x), dtype=bool)
    for mask in masks:
        known |= mask & (mask.sum() >= FEWEST)
    level = np.zeros(len(x))
    flat = np.full(len(x), np.nan)
    for _ in range(ROUNDS):
        offsets = [float(np.median(x[mask] - level[mask])) for mask in masks]
        for mask, offset in zip(masks, offsets, strict=True):
            flat[mask] = x[mask] - (offset - offsets[0])
        level[known] = _levels(flat[known], threshold)
    flat[~known] = np.nan
    found: list[float] = flat.tolist()
    return found


def _levels(x: Floats, threshold: float) -> Floats:
    bounds = [0, *(change.index for change in potts(x, threshold)), len(x)]
    made = np.empty(len(x))
    for start, end in itertools.pairwise(bounds):
        if end > start:
            made[start:end] = np.median(x[start:end])
    return made
