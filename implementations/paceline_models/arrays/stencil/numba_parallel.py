"""The same as ``numba_jit``, rows and parts of the rod shared out among the threads. IEEE rules."""

from __future__ import annotations

import math

import numpy as np
from numba import prange

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_parallel, of_each
from paceline_models.arrays.stencil._numba import blurred, laplacian_row, of_field, of_rod, sobel_row

ROWS = 32


@compiled_parallel
def _laplacian(u: Array, out: Array) -> None:
    for row in prange(out.shape[0]):
        laplacian_row(u[row], u[row + 1], u[row + 2], out[row])


@compiled_parallel
def _sobel(u: Array, out: Array) -> None:
    for row in prange(out.shape[0]):
        sobel_row(u[row], u[row + 1], u[row + 2], out[row])


@compiled_parallel
def _box_blur3(u: Array, out: Array) -> None:
    for part in prange((out.shape[0] + ROWS - 1) // ROWS):
        first, end = part * ROWS, min((part + 1) * ROWS, out.shape[0])
        blurred(u[first : end + 2], out[first:end])


@compiled_parallel
def _vector_magnitude(x: Array, y: Array, out: Array) -> None:
    for i in prange(out.size):
        out[i] = math.sqrt(x[i] * x[i] + y[i] * y[i])


@compiled_parallel
def _heat(before: Array, rate: float, after: Array) -> None:
    n = before.size
    after[0], after[n - 1] = before[0], before[n - 1]
    for i in prange(1, n - 1):
        after[i] = before[i] + rate * (before[i - 1] - 2.0 * before[i] + before[i + 1])


def _heat_step(u: Array, rate: float, steps: int, out: Array) -> None:
    here, there = (out, np.empty(u.size)) if steps % 2 == 0 else (np.empty(u.size), out)
    here[:] = u
    if u.size == 0:
        return
    for _ in range(steps):
        _heat(here, rate, there)
        here, there = there, here


laplacian = of_field(_laplacian)
sobel = of_field(_sobel)
box_blur3 = of_field(_box_blur3)
vector_magnitude = of_each(_vector_magnitude, "vx", "vy")
heat_step = of_rod(_heat_step)
