"""Stencils in Numba, row by row: the same text as ``rust_pyo3``. IEEE rules."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_each
from paceline_models.arrays.stencil._numba import blurred, heat, laplacian_row, of_field, of_rod, sobel_row


@compiled
def _laplacian(u: Array, out: Array) -> None:
    for row in range(out.shape[0]):
        laplacian_row(u[row], u[row + 1], u[row + 2], out[row])


@compiled
def _sobel(u: Array, out: Array) -> None:
    for row in range(out.shape[0]):
        sobel_row(u[row], u[row + 1], u[row + 2], out[row])


@compiled
def _vector_magnitude(x: Array, y: Array, out: Array) -> None:
    for i in range(out.size):
        out[i] = math.sqrt(x[i] * x[i] + y[i] * y[i])


@compiled
def _heat_step(u: Array, rate: float, steps: int, out: Array) -> None:
    here, there = np.empty(u.size), out
    if steps % 2 == 0:  # so that the last step ends in the answer
        here, there = there, here
    here[:] = u
    for _ in range(steps):
        heat(here, rate, there)
        here, there = there, here


laplacian = of_field(_laplacian)
sobel = of_field(_sobel)
box_blur3 = of_field(blurred)
vector_magnitude = of_each(_vector_magnitude, "vx", "vy")
heat_step = of_rod(_heat_step)
