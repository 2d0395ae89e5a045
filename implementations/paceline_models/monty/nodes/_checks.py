"""What every implementation asks of its arguments: one validator, so that all fail alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from paceline_models.monty.evidence._checks import LARGEST, Array, array_of, count, number

WIDTH = 18
VOXELS = 2.0**52  # from the origin: farther ones have no number of their own


def rows(observations: Any) -> Array:
    """Return the observations (S, 18), at least one."""
    given = array_of("observations", observations, WIDTH)
    if given.shape[0] == 0:
        raise ValueError("observations is empty: at least one observation is needed")
    return given


def task(observations: Any, voxel: Any, most: Any) -> tuple[Array, float, int]:
    """Return the observations, the width of a voxel [m] and the most nodes."""
    given, width, most = rows(observations), number("voxel", voxel, 1e-9), count("most", most)
    far = np.abs(given[:, :3]) > min(VOXELS * width, LARGEST)
    if far.any():
        row, column = np.argwhere(far)[0]
        raise ValueError(
            f"observations[{row}, {column}] is {given[row, column]}, but must be within {VOXELS * width:g}"
            f" of zero: 2**52 voxels of {width:g}"
        )
    return given, width, min(most, given.shape[0])
