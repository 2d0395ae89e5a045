"""Stencils for Numba, by rows: the text of ``rust/src/arrays/stencil_kernels.rs``."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from paceline_models.arrays._checks import Array, contiguous, count, number, placed, target
from paceline_models.arrays._numba import compiled


@compiled
def laplacian_row(above: Array, here: Array, below: Array, out: Array) -> None:
    """Fill a row of the Laplacian."""
    for i in range(out.size):
        out[i] = below[i + 1] + above[i + 1] + here[i + 2] + here[i] - 4.0 * here[i + 1]


@compiled
def sobel_row(above: Array, here: Array, below: Array, out: Array) -> None:
    """Fill a row of magnitudes of central differences."""
    for i in range(out.size):
        across, down = here[i + 2] - here[i], below[i + 1] - above[i + 1]
        out[i] = math.sqrt(across * across + down * down)


@compiled
def blur_along(row: Array, out: Array) -> None:
    """Fill means of three along a row."""
    for i in range(out.size):
        out[i] = (row[i] + row[i + 1] + row[i + 2]) / 3.0


@compiled
def blur_across(above: Array, here: Array, below: Array, out: Array) -> None:
    """Fill means of three rows."""
    for i in range(out.size):
        out[i] = (above[i] + here[i] + below[i]) / 3.0


@compiled
def blurred(u: Array, out: Array) -> None:
    """Fill means of 3 x 3: along rows into a ring of three, then across."""
    ring = np.empty((3, out.shape[1]))
    blur_along(u[0], ring[0])
    blur_along(u[1], ring[1])
    for row in range(out.shape[0]):
        blur_along(u[row + 2], ring[(row + 2) % 3])
        blur_across(ring[row % 3], ring[(row + 1) % 3], ring[(row + 2) % 3], out[row])


@compiled
def heat(before: Array, rate: float, after: Array) -> None:
    """Step the rod once; the ends stay."""
    n = before.size
    if n > 0:
        after[0], after[n - 1] = before[0], before[n - 1]
    for i in range(1, n - 1):
        after[i] = before[i] + rate * (before[i - 1] - 2.0 * before[i] + before[i + 1])


def of_field(kernel: Callable[[Array, Array], object]) -> Callable[..., Array]:
    """Return ``name(u, out=None)`` by ``kernel(u, out)``, which fills inner points."""

    def call(u: Array, out: Array | None = None) -> Array:
        given = contiguous("u", u, 2)
        shape = max(given.shape[0] - 2, 0), max(given.shape[1] - 2, 0)
        filled = target(out, shape, (u,), in_place=False)
        if filled.size:
            kernel(given, filled)
        return placed(out, filled)

    return call


def of_rod(kernel: Callable[[Array, float, int, Array], object]) -> Callable[..., Array]:
    """Return ``heat_step(u, rate, steps, out=None)`` by ``kernel(u, rate, steps, out)``."""

    def heat_step(u: Array, rate: float, steps: int, out: Array | None = None) -> Array:
        given, rate, steps = contiguous("u", u, 1), number("rate", rate), count("steps", steps)
        filled = target(out, given.shape, (u,), in_place=False)
        kernel(given, rate, steps, filled)
        return placed(out, filled)

    return heat_step
