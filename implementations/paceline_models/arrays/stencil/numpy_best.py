"""Stencils in NumPy with as few arrays as possible: ``out=`` in every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import Array, array, count, destination, number, same_shape


def _place(u: Array, out: Array | None) -> Array:
    shape = max(u.shape[0] - 2, 0), max(u.shape[1] - 2, 0)
    place = destination(out, shape, (u,), in_place=False)
    return np.empty(shape) if place is None else place


def laplacian(u: Array, out: Array | None = None) -> Array:
    """Return the Laplacian (m - 2, n - 2)."""
    u = array("u", u, 2)
    answer = _place(u, out)
    np.add(u[2:, 1:-1], u[:-2, 1:-1], out=answer)
    answer += u[1:-1, 2:]
    answer += u[1:-1, :-2]
    answer -= 4.0 * u[1:-1, 1:-1]
    return answer


def vector_magnitude(vx: Array, vy: Array, out: Array | None = None) -> Array:
    """Return the lengths of the vectors."""
    vx, vy = array("vx", vx), array("vy", vy)
    same_shape("vy", vy, "vx", vx)
    place = destination(out, vx.shape, (vx, vy), in_place=True)
    squares = vy * vy
    answer = np.multiply(vx, vx, out=np.empty(vx.shape) if place is None else place)
    answer += squares
    return np.sqrt(answer, out=answer)


def heat_step(u: Array, rate: float, steps: int, out: Array | None = None) -> Array:
    """Return the rod after so many steps."""
    u, rate, steps = array("u", u, 1), number("rate", rate), count("steps", steps)
    place = destination(out, u.shape, (u,), in_place=False)
    answer = np.empty(u.shape) if place is None else place
    answer[:] = u
    inner = answer[1:-1]
    change, twice = np.empty(inner.shape), np.empty(inner.shape)
    for _ in range(steps if u.size > 2 else 0):
        np.multiply(inner, 2.0, out=twice)
        np.subtract(answer[:-2], twice, out=change)
        change += answer[2:]
        change *= rate
        inner += change
    return answer


def sobel(u: Array, out: Array | None = None) -> Array:
    """Return the magnitude of central differences (m - 2, n - 2)."""
    u = array("u", u, 2)
    answer = _place(u, out)
    np.subtract(u[1:-1, 2:], u[1:-1, :-2], out=answer)
    answer *= answer
    down = u[2:, 1:-1] - u[:-2, 1:-1]
    down *= down
    answer += down
    return np.sqrt(answer, out=answer)


def box_blur3(u: Array, out: Array | None = None) -> Array:
    """Return means of 3 x 3 (m - 2, n - 2)."""
    u = array("u", u, 2)
    answer = _place(u, out)
    along = u[:, :-2] + u[:, 1:-1]
    along += u[:, 2:]
    along /= 3.0
    np.add(along[:-2], along[1:-1], out=answer)
    answer += along[2:]
    answer /= 3.0
    return answer
