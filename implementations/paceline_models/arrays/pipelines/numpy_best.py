"""Pipelines in NumPy with as few arrays as possible: ``out=`` in every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import (
    Array,
    array,
    at_least,
    coloured,
    destination,
    layered,
    same_shape,
)
from paceline_models.arrays.pipelines.pure_numpy import BETA1, BETA2, EPSILON, RATE, STEP, WEIGHTS, WINDOW


def _place(shape: tuple[int, ...], given: tuple[Array, ...], out: Array | None) -> Array:
    place = destination(out, shape, given, in_place=False)
    return np.empty(shape) if place is None else place


def image(rgb: Array, out: Array | None = None) -> Array:
    """Return the edges (m - 4, n - 4) of an image."""
    rgb = array("rgb", rgb, 3)
    coloured("rgb", rgb)
    answer = _place((max(rgb.shape[0] - 4, 0), max(rgb.shape[1] - 4, 0)), (rgb,), out)
    grey = rgb[:, :, 0] * WEIGHTS[0]
    for colour in (1, 2):
        grey += rgb[:, :, colour] * WEIGHTS[colour]
    np.clip(grey, 0.2, 0.8, out=grey)
    grey -= 0.2
    grey /= 0.8 - 0.2
    along = grey[:, :-2] + grey[:, 1:-1]
    along += grey[:, 2:]
    along /= 3.0
    smooth = along[:-2] + along[1:-1]
    smooth += along[2:]
    smooth /= 3.0
    across, down = smooth[1:-1, 2:] - smooth[1:-1, :-2], smooth[2:, 1:-1] - smooth[:-2, 1:-1]
    across *= across
    down *= down
    across += down
    np.sqrt(across, out=across)
    return np.greater(across, 0.5, out=answer)


def mlp(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, out: Array | None = None) -> Array:
    """Return the outputs (b, o) of two layers."""
    x, w1, b1, w2, b2 = given = (
        array("x", x, 2), array("w1", w1, 2), array("b1", b1, 1), array("w2", w2, 2), array("b2", b2, 1)
    )  # fmt: skip
    layered(*given)
    answer = _place((x.shape[0], w2.shape[1]), given, out)
    hidden = x @ w1
    hidden += b1
    np.maximum(hidden, 0.0, out=hidden)
    np.matmul(hidden, w2, out=answer)
    answer += b2
    return answer


def signal(x: Array, out: Array | None = None) -> Array:
    """Return the variances of the windows."""
    x = array("x", x, 1)
    at_least("x", x, 3)
    n, windows = x.size, (x.size - 1) // WINDOW
    answer = _place((windows,), (x,), out)
    time = np.arange(-(n - 1) / 2, n / 2)
    slope = np.dot(time, x) / (n * (n * n - 1.0) / 12.0)
    mean = x.mean()
    time *= -slope
    time += x
    time -= mean
    smooth = 0.5 * time
    time *= 0.25
    smooth[1:] += time[:-1]
    smooth[:-1] += time[1:]
    steps = np.subtract(smooth[1:], smooth[:-1], out=time[:-1])[: windows * WINDOW].reshape(windows, WINDOW)
    steps -= steps.mean(axis=1, keepdims=True)
    np.einsum("ij,ij->i", steps, steps, out=answer)
    answer /= WINDOW
    return answer


def adam(weights: Array, gradient: Array, first: Array, second: Array, out: Array | None = None) -> Array:
    """Return new weights, first and second moments (3, n)."""
    weights, gradient = array("weights", weights, 1), array("gradient", gradient)
    first, second = array("first", first), array("second", second)
    for name, value in (("gradient", gradient), ("first", first), ("second", second)):
        same_shape(name, value, "weights", weights)
    new, m, v = answer = _place((3, weights.size), (weights, gradient, first, second), out)
    part = gradient * (1.0 - BETA1)
    np.multiply(first, BETA1, out=m)
    m += part
    np.multiply(gradient, gradient, out=part)
    part *= 1.0 - BETA2
    np.multiply(second, BETA2, out=v)
    v += part
    np.divide(v, 1.0 - BETA2**STEP, out=part)
    np.sqrt(part, out=part)
    part += EPSILON
    np.divide(m, 1.0 - BETA1**STEP, out=new)
    new *= RATE
    new /= part
    np.subtract(weights, new, out=new)
    return answer
