"""Series in Numba: plain loops, running sums in order. IEEE rules."""

from __future__ import annotations

from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_series


@compiled
def _diff(x: Array, out: Array) -> None:
    for i in range(out.size):
        out[i] = x[i + 1] - x[i]


@compiled
def _diff2(x: Array, out: Array) -> None:
    for i in range(out.size):
        out[i] = (x[i + 2] - x[i + 1]) - (x[i + 1] - x[i])


@compiled
def _gradient(x: Array, out: Array) -> None:
    last = x.size - 1
    out[0] = x[1] - x[0]
    for i in range(1, last):
        out[i] = (x[i + 1] - x[i - 1]) * 0.5
    out[last] = x[last] - x[last - 1]


@compiled
def _convolve3(x: Array, out: Array) -> None:
    last = x.size - 1
    out[0] = x[0] * 0.5 + x[1] * 0.25
    for i in range(1, last):
        out[i] = (x[i - 1] * 0.25 + x[i] * 0.5) + x[i + 1] * 0.25
    out[last] = x[last - 1] * 0.25 + x[last] * 0.5


@compiled
def _cumsum(x: Array, out: Array) -> None:
    total = -0.0
    for i in range(x.size):
        total += x[i]
        out[i] = total


@compiled
def _diff_cumsum(x: Array, out: Array) -> None:
    total = -0.0
    for i in range(out.size):
        total += x[i + 1] - x[i]
        out[i] = total


diff = of_series(_diff, 0, 1)
diff2 = of_series(_diff2, 0, 2)
gradient = of_series(_gradient, 2, 0)
convolve3 = of_series(_convolve3, 3, 0)
cumsum = of_series(_cumsum, 0, 0, in_place=True)
diff_cumsum = of_series(_diff_cumsum, 0, 1)
