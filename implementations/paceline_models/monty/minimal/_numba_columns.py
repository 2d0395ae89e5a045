"""A structure of arrays in Numba: filling it, sixteen lanes of sums, and the epochs over any mean."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from paceline_models.monty.minimal._checks import Points

LANES = 16
ONE, ZERO = np.float32(1.0), np.float32(0.0)


@njit(cache=True, error_model="numpy")
def filled(observations: Points, train: int) -> Points:
    """Return the store (4, N * train): appended one by one, the columns apart."""
    n = observations.shape[0]
    columns = np.empty((4, n * train), np.float32)
    stored = 0
    for _ in range(train):
        for j in range(n):
            for column in range(4):
                columns[column, stored] = observations[j, column]
            stored += 1
    return columns


@njit(cache=True, error_model="numpy")
def similarity_mean(columns: Points, query: Points, lanes: Points) -> np.float32:
    """Return the mean similarity; observation j is added to lane j mod 16, and halves folded at the end."""
    x, y, z, f = columns[0], columns[1], columns[2], columns[3]
    qx, qy, qz, qf = query[0], query[1], query[2], query[3]
    count = x.shape[0]
    lanes[:] = ZERO
    for start in range(0, count - LANES + 1, LANES):
        for lane in range(LANES):
            j = start + lane
            dx, dy, dz = x[j] - qx, y[j] - qy, z[j] - qz
            distance = math.sqrt(dx * dx + dy * dy + dz * dz)
            lanes[lane] += ONE / (ONE + distance + abs(f[j] - qf))
    for j in range(count - count % LANES, count):
        dx, dy, dz = x[j] - qx, y[j] - qy, z[j] - qz
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        lanes[j % LANES] += ONE / (ONE + distance + abs(f[j] - qf))
    half = LANES // 2
    while half > 0:
        for lane in range(half):
            lanes[lane] += lanes[lane + half]
        half //= 2
    return lanes[0] / np.float32(count)  # type: ignore[no-any-return]
