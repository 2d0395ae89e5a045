"""Normalisation: moments, then a map."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import MEMORY, N, Workload, square

NORMALISE = "paceline_models.arrays.normalise"
ROWS = {1_000: (16, 64), 10_000: (128, 80), 100_000: (128, 784), 1_000_000: (1024, 976)}


class Zscore(Workload):
    """(x - mean) / std."""

    package, function = NORMALISE, "zscore"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-11, 1e-13
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return values around 1."""
        return (rng.normal(1.0, 2.0, n),)


class Zscore2d(Zscore):
    """(x - mean) / std of each row."""

    function = "zscore_2d"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of values around 1."""
        return (rng.normal(1.0, 2.0, square(n)),)


class LayerNorm(Zscore):
    """(x - mean) / sqrt(var + 1e-5) gamma + beta."""

    function = "layer_norm"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return values around 1, factors around 1 and shifts around 0."""
        return rng.normal(1.0, 2.0, n), rng.normal(1.0, 0.1, n), rng.normal(0.0, 0.1, n)


class LayerNormRows(Zscore):
    """The same of each row."""

    function = "layer_norm_rows"
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of about n values around 1, and a row of factors and of shifts."""
        rows, columns = ROWS[n]
        x = rng.normal(1.0, 2.0, (rows, columns))
        return x, rng.normal(1.0, 0.1, columns), rng.normal(0.0, 0.1, columns)


class BatchNorm(Workload):
    """(x - m) / sqrt(v + 1e-5) g + b, 64 columns."""

    package, function = NORMALISE, "batch_norm"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-12, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix (n / 64, 64), and means, variances, factors and shifts of its columns."""
        x = rng.normal(1.0, 2.0, (max(n // 64, 1), 64))
        mean, variance = rng.normal(1.0, 0.1, 64), rng.uniform(3.0, 5.0, 64)
        return x, mean, variance, rng.normal(1.0, 0.1, 64), rng.normal(0.0, 0.1, 64)


class ImageNormalize(Zscore):
    """(img - min) / (max - min)."""

    function = "image_normalize"
    rtol, atol = 1e-15, 1e-16
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a matrix of values between 0 and 255."""
        return (rng.uniform(0.0, 255.0, square(n)),)
