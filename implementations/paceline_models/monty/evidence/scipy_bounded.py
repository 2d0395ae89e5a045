"""The matcher as its equations stand, its nearest nodes in range from scipy's KD-tree, exact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.evidence._checks import Array, Settings
from paceline_models.monty.evidence._model import Prepared, matcher
from paceline_models.monty.evidence._trees import nearest, planted
from paceline_models.monty.evidence.pure_numpy import searching

prepare = planted


def in_range(prepared: Prepared, o: int, loc: Array, settings: Settings) -> NDArray[np.int64]:
    """Return the nearest nodes that are not surely out of range."""
    return nearest(prepared, o, loc, settings, settings.radius * (1.0 + 1e-9))


run = matcher(searching(in_range), prepare, index="cKDTree")
run_steps = matcher(searching(in_range), prepare, index="cKDTree", by_step=True)
