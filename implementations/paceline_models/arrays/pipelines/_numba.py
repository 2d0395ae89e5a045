"""Pipelines for Numba, by rows, windows and batches: the text of ``rust/src/arrays/pipelines_*.rs``."""

from __future__ import annotations

import math

import numpy as np

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled
from paceline_models.arrays._numba_math import fma
from paceline_models.arrays.stencil._numba import blur_across, blur_along, sobel_row

WINDOW = 256
RATE, BETA1, BETA2, EPSILON, STEP = 0.001, 0.9, 0.999, 1e-8, 100


@compiled
def stretched(pixels: Array, out: Array) -> None:
    """Fill a row's luminance, stretched so that 0.2 becomes 0 and 0.8 becomes 1."""
    for i in range(out.size):
        grey = pixels[i, 0] * 0.299 + pixels[i, 1] * 0.587 + pixels[i, 2] * 0.114
        raised = 0.2 if grey < 0.2 else grey
        clipped = 0.8 if raised > 0.8 else raised
        out[i] = (clipped - 0.2) / (0.8 - 0.2)


@compiled
def edges(rgb: Array, out: Array) -> None:
    """Fill the edges of an image: three rows of every intermediate field are kept."""
    width = rgb.shape[1]
    grey, along, across = np.empty(width), np.empty((3, width - 2)), np.empty((3, width - 2))
    for row in range(rgb.shape[0]):
        stretched(rgb[row], grey)
        blur_along(grey, along[row % 3])
        if row >= 2:
            blur_across(along[(row + 1) % 3], along[(row + 2) % 3], along[row % 3], across[row % 3])
        if row >= 4:
            line = out[row - 4]
            sobel_row(across[(row + 1) % 3], across[(row + 2) % 3], across[row % 3], line)
            for i in range(line.size):
                line[i] = 1.0 if line[i] > 0.5 else 0.0


@compiled
def layer(inputs: Array, weights: Array, biases: Array, out: Array) -> None:
    """Fill outputs of a layer: biases, then inputs one by one, a row of weights each."""
    for row in range(inputs.shape[0]):
        sums = out[row]
        sums[:] = 0.0
        for k in range(inputs.shape[1]):
            factor, line = inputs[row, k], weights[k]
            for j in range(sums.size):
                sums[j] = fma(factor, line[j], sums[j])
        for j in range(sums.size):
            sums[j] += biases[j]


@compiled
def forward(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, out: Array) -> None:
    """Fill the outputs of two layers, row by row."""
    hidden = np.empty((1, b1.size))
    for row in range(x.shape[0]):
        layer(x[row : row + 1], w1, b1, hidden)
        for j in range(b1.size):
            hidden[0, j] = 0.0 if hidden[0, j] < 0.0 else hidden[0, j]
        layer(hidden, w2, b2, out[row : row + 1])


@compiled
def trend(x: Array) -> tuple[float, float]:
    """Return the level in the middle and the slope by least squares, in sixteen sums a moment."""
    n, middle = x.size, (x.size - 1) * 0.5
    sums, levers = np.zeros(16), np.zeros(16)
    whole = n - n % 16
    for start in range(0, whole, 16):
        for lane in range(16):
            sums[lane] += x[start + lane]
            levers[lane] += x[start + lane] * ((start + lane) - middle)
    total, lever = sums.sum(), levers.sum()
    for i in range(whole, n):
        total += x[i]
        lever += x[i] * (i - middle)
    return total / n, lever / (float(n) * (float(n) * n - 1.0) / 12.0)


@compiled
def total(values: Array) -> float:
    """Return the sum of a window, in sixteen sums."""
    sums = np.zeros(16)
    for start in range(0, WINDOW, 16):
        for lane in range(16):
            sums[lane] += values[start + lane]
    return float(sums.sum())


@compiled
def roughness(x: Array, mean: float, slope: float, first: int, out: Array) -> None:
    """Fill variances of the increments of windows, from the first on."""
    flat, steps = np.zeros(WINDOW + 3), np.empty(WINDOW)
    for window in range(out.size):
        # Smoothing needs a neighbour on each side; beyond the ends there is nothing, which counts as zero.
        start = (first + window) * WINDOW - 1
        begin, end = max(start, 0), min(start + WINDOW + 3, x.size)
        flat[0] = flat[WINDOW + 2] = 0.0
        level = mean + slope * (start - (x.size - 1) * 0.5)
        for i in range(begin - start, end - start):
            flat[i] = x[start + i] - (level + slope * i)
        for i in range(WINDOW):
            left = 0.25 * flat[i] + 0.5 * flat[i + 1] + 0.25 * flat[i + 2]
            right = 0.25 * flat[i + 1] + 0.5 * flat[i + 2] + 0.25 * flat[i + 3]
            steps[i] = right - left
        middle = total(steps) / WINDOW
        for i in range(WINDOW):
            steps[i] = (steps[i] - middle) * (steps[i] - middle)
        out[window] = total(steps) / WINDOW


@compiled
def update(
    weights: Array, gradient: Array, first: Array, second: Array, start: int, end: int, out: Array
) -> None:
    """Fill new weights and moments from start to end."""
    correction1, correction2 = 1.0 - BETA1**STEP, 1.0 - BETA2**STEP
    new, new_first, new_second = out[0], out[1], out[2]
    for i in range(start, end):
        g = gradient[i]
        m = BETA1 * first[i] + (1.0 - BETA1) * g
        v = BETA2 * second[i] + (1.0 - BETA2) * (g * g)
        new[i] = weights[i] - RATE * (m / correction1) / (math.sqrt(v / correction2) + EPSILON)
        new_first[i] = m
        new_second[i] = v
