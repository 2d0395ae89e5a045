"""Pipelines as NumPy users write them: an array for every operation. IEEE rules."""

from __future__ import annotations

import numpy as np

from paceline_models.arrays._checks import (
    Array,
    array,
    at_least,
    coloured,
    destination,
    layered,
    placed,
    same_shape,
)

WEIGHTS = (0.299, 0.587, 0.114)
WINDOW = 256
RATE, BETA1, BETA2, EPSILON, STEP = 0.001, 0.9, 0.999, 1e-8, 100


def image(rgb: Array, out: Array | None = None) -> Array:
    """Return the edges (m - 4, n - 4) of an image."""
    rgb = array("rgb", rgb, 3)
    coloured("rgb", rgb)
    destination(out, (max(rgb.shape[0] - 4, 0), max(rgb.shape[1] - 4, 0)), (rgb,), in_place=False)
    grey = (rgb * np.array(WEIGHTS)).sum(axis=2)
    stretched = (np.clip(grey, 0.2, 0.8) - 0.2) / (0.8 - 0.2)
    along = (stretched[:, :-2] + stretched[:, 1:-1] + stretched[:, 2:]) / 3.0
    smooth = (along[:-2] + along[1:-1] + along[2:]) / 3.0
    across, down = smooth[1:-1, 2:] - smooth[1:-1, :-2], smooth[2:, 1:-1] - smooth[:-2, 1:-1]
    edges = np.sqrt(across**2 + down**2) > 0.5
    return placed(out, edges.astype(np.float64))


def mlp(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, out: Array | None = None) -> Array:
    """Return the outputs (b, o) of two layers."""
    x, w1, b1, w2, b2 = given = (
        array("x", x, 2), array("w1", w1, 2), array("b1", b1, 1), array("w2", w2, 2), array("b2", b2, 1)
    )  # fmt: skip
    layered(*given)
    destination(out, (x.shape[0], w2.shape[1]), given, in_place=False)
    hidden = np.maximum(x @ w1 + b1, 0.0)
    return placed(out, hidden @ w2 + b2)


def signal(x: Array, out: Array | None = None) -> Array:
    """Return the variances of the windows."""
    x = array("x", x, 1)
    at_least("x", x, 3)
    windows = (x.size - 1) // WINDOW
    destination(out, (windows,), (x,), in_place=False)
    time = np.arange(x.size) - (x.size - 1) / 2
    flat = x - x.mean() - time * ((time * x).sum() / (time * time).sum())
    steps = np.diff(np.convolve(flat, [0.25, 0.5, 0.25], mode="same"))
    return placed(out, steps[: windows * WINDOW].reshape(windows, WINDOW).var(axis=1))


def adam(weights: Array, gradient: Array, first: Array, second: Array, out: Array | None = None) -> Array:
    """Return new weights, first and second moments (3, n)."""
    weights, gradient = array("weights", weights, 1), array("gradient", gradient)
    first, second = array("first", first), array("second", second)
    for name, value in (("gradient", gradient), ("first", first), ("second", second)):
        same_shape(name, value, "weights", weights)
    destination(out, (3, weights.size), (weights, gradient, first, second), in_place=False)
    m = BETA1 * first + (1.0 - BETA1) * gradient
    v = BETA2 * second + (1.0 - BETA2) * (gradient * gradient)
    m_hat = m / (1.0 - BETA1**STEP)
    v_hat = v / (1.0 - BETA2**STEP)
    new = weights - RATE * m_hat / (np.sqrt(v_hat) + EPSILON)
    return placed(out, np.stack((new, m, v)))
