"""Pipelines by number of values, or of rows of a batch."""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from ._workload import APART, LARGE, N, Workload

PIPELINES = "paceline_models.arrays.pipelines"


class Image(Workload):
    """The edges of a square image of at most n values in three colours."""

    package, function = PIPELINES, "image"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-12, 1e-13
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return an image of hard-edged stripes in noise, so that there are edges and smooth parts."""
        side = isqrt(n // 3)
        stripes = (np.arange(side) // 6 % 2)[:, None, None] * 0.8
        return (stripes + 0.2 * rng.random((side, side, 3)),)


class ImageThreads(Image):
    """The edges of an image on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class Mlp(Workload):
    """Two layers, 64 to 32 to 10, for a batch of n."""

    package, function = PIPELINES, "mlp"
    axes = {"n": (32, 100, 316, 1_000), "memory": APART}
    rtol, atol = 1e-11, 1e-12
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return the batch, and weights and biases of both layers."""
        shapes = ((n, 64), (64, 32), (32,), (32, 10), (10,))
        return tuple(rng.normal(size=shape) for shape in shapes)


class MlpThreads(Mlp):
    """Two layers on several threads."""

    axes = {"n": (1_000,), "memory": ("out",), "threads": (1, 2)}
    version = "1"


class Signal(Workload):
    """The roughness of a drifting signal, by windows."""

    package, function = PIPELINES, "signal"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-10, 1e-12
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return noise on a slope."""
        return (rng.normal(size=n) + np.linspace(0.0, 10.0, n),)


class SignalThreads(Signal):
    """The roughness of a drifting signal on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class Adam(Workload):
    """One update of the optimiser Adam."""

    package, function = PIPELINES, "adam"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-13, 1e-15
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return weights, gradient, first and second moments."""
        weights, gradient, first, second = rng.normal(size=(4, n))
        return weights, gradient, 0.1 * first, 0.01 * np.abs(second)


class AdamThreads(Adam):
    """One update of the optimiser Adam on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"
