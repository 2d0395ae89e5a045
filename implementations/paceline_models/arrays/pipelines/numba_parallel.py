"""The same as ``numba_jit``, rows, windows and parts shared out among the threads."""

from __future__ import annotations

from numba import prange

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled_parallel
from paceline_models.arrays.pipelines._calls import of_image, of_layers, of_signal, of_update
from paceline_models.arrays.pipelines._numba import edges, forward, roughness, trend, update

ROWS, PART = 32, 1 << 13


@compiled_parallel
def _image(rgb: Array, out: Array) -> None:
    for part in prange((out.shape[0] + ROWS - 1) // ROWS):
        first, end = part * ROWS, min((part + 1) * ROWS, out.shape[0])
        edges(rgb[first : end + 4], out[first:end])


@compiled_parallel
def _mlp(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, out: Array) -> None:
    for part in prange((out.shape[0] + ROWS - 1) // ROWS):
        first, end = part * ROWS, min((part + 1) * ROWS, out.shape[0])
        forward(x[first:end], w1, b1, w2, b2, out[first:end])


@compiled_parallel
def _signal(x: Array, out: Array) -> None:
    mean, slope = trend(x)
    for part in prange((out.size + ROWS - 1) // ROWS):
        first, end = part * ROWS, min((part + 1) * ROWS, out.size)
        roughness(x, mean, slope, first, out[first:end])


@compiled_parallel
def _adam(weights: Array, gradient: Array, first: Array, second: Array, out: Array) -> None:
    for part in prange((weights.size + PART - 1) // PART):
        update(weights, gradient, first, second, part * PART, min((part + 1) * PART, weights.size), out)


image = of_image(_image)
mlp = of_layers(_mlp)
signal = of_signal(_signal)
adam = of_update(_adam)
