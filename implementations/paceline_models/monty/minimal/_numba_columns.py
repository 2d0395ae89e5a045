"""A structure of arrays in Numba: filling it, sixteen lanes of sums, and the epochs over any mean."""

from __future__ import annotations

import math

import numpy as np

from paceline_models._numba import njit
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
    qx, qy, qz, qf = query[0], query[1], query[2], query[3]
    count = columns.shape[1]
    full = count - count % LANES
    # Two indices, each counting from zero: with one that is their sum, LLVM does not vectorise.
    xs, ys = columns[0][:full].reshape(-1, LANES), columns[1][:full].reshape(-1, LANES)
    zs, fs = columns[2][:full].reshape(-1, LANES), columns[3][:full].reshape(-1, LANES)
    width = lanes.shape[0]  # not LANES: lanes that are unrolled are not vectorised either
    lanes[:] = ZERO
    for chunk in range(full // LANES):
        for lane in range(width):
            dx, dy, dz = xs[chunk, lane] - qx, ys[chunk, lane] - qy, zs[chunk, lane] - qz
            distance = math.sqrt(dx * dx + dy * dy + dz * dz)
            lanes[lane] += ONE / (ONE + distance + abs(fs[chunk, lane] - qf))
    for j in range(full, count):
        dx, dy, dz = columns[0, j] - qx, columns[1, j] - qy, columns[2, j] - qz
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        lanes[j - full] += ONE / (ONE + distance + abs(columns[3, j] - qf))
    half = LANES // 2
    while half > 0:
        for lane in range(half):
            lanes[lane] += lanes[lane + half]
        half //= 2
    return lanes[0] / np.float32(count)  # type: ignore[no-any-return]
