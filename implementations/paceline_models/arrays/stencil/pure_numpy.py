"""Stencils as NumPy users write them: slices, and an array for every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, count, destination, number, placed, same_shape


def _inner(u: Array) -> tuple[int, int]:
    return max(u.shape[0] - 2, 0), max(u.shape[1] - 2, 0)


def laplacian(u: Array, out: Array | None = None) -> Array:
    """Return the Laplacian (m - 2, n - 2)."""
    u = array("u", u, 2)
    destination(out, _inner(u), (u,), in_place=False)
    return placed(out, u[2:, 1:-1] + u[:-2, 1:-1] + u[1:-1, 2:] + u[1:-1, :-2] - 4 * u[1:-1, 1:-1])


def vector_magnitude(vx: Array, vy: Array, out: Array | None = None) -> Array:
    """Return the lengths of the vectors."""
    vx, vy = array("vx", vx), array("vy", vy)
    same_shape("vy", vy, "vx", vx)
    destination(out, vx.shape, (vx, vy), in_place=True)
    return placed(out, np.asarray(np.sqrt(vx**2 + vy**2)))


def heat_step(u: Array, rate: float, steps: int, out: Array | None = None) -> Array:
    """Return the rod after so many steps."""
    u, rate, steps = array("u", u, 1), number("rate", rate), count("steps", steps)
    destination(out, u.shape, (u,), in_place=False)
    now = u.copy()
    for _ in range(steps):
        new = now.copy()
        new[1:-1] = now[1:-1] + rate * (now[:-2] - 2.0 * now[1:-1] + now[2:])
        now = new
    return placed(out, now)


def sobel(u: Array, out: Array | None = None) -> Array:
    """Return the magnitude of central differences (m - 2, n - 2)."""
    u = array("u", u, 2)
    destination(out, _inner(u), (u,), in_place=False)
    across, down = u[1:-1, 2:] - u[1:-1, :-2], u[2:, 1:-1] - u[:-2, 1:-1]
    return placed(out, np.sqrt(across**2 + down**2))


def box_blur3(u: Array, out: Array | None = None) -> Array:
    """Return means of 3 x 3 (m - 2, n - 2)."""
    u = array("u", u, 2)
    destination(out, _inner(u), (u,), in_place=False)
    along = (u[:, :-2] + u[:, 1:-1] + u[:, 2:]) / 3.0
    return placed(out, (along[:-2] + along[1:-1] + along[2:]) / 3.0)
