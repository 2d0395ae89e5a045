"""Pipelines in Numba, fused by rows and windows: the text of ``rust_pyo3``, but for products of matrices."""

from __future__ import annotations

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled
from paceline_models.arrays.pipelines._calls import of_image, of_layers, of_signal, of_update
from paceline_models.arrays.pipelines._numba import edges, forward, roughness, trend, update


@compiled
def _signal(x: Array, out: Array) -> None:
    mean, slope = trend(x)
    roughness(x, mean, slope, 0, out)


@compiled
def _adam(weights: Array, gradient: Array, first: Array, second: Array, out: Array) -> None:
    update(weights, gradient, first, second, 0, weights.size, out)


image = of_image(edges)
mlp = of_layers(forward)
signal = of_signal(_signal)
adam = of_update(_adam)
