"""The polynomials of ``rust_pyo3`` in Numba, a loop each; fused multiply-add where it is written."""

from __future__ import annotations

import math

from paceline_models.arrays import _numba_math as vector
from paceline_models.arrays._checks import Array
from paceline_models.arrays._numba import compiled, of_x
from paceline_models.arrays._numba_math import ANGLES

BLOCK = 512


@compiled
def _exp(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = vector.exp(x[i])


@compiled
def _log(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = vector.log(x[i])


@compiled
def _tanh(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = vector.tanh(x[i])


@compiled
def _sqrt(x: Array, out: Array) -> None:
    for i in range(x.size):
        out[i] = math.sqrt(x[i])


@compiled
def moderate(x: Array) -> bool:
    """Return whether all angles are within what the polynomials are right for."""
    usual = True
    for i in range(x.size):
        usual &= abs(x[i]) <= ANGLES
    return usual


@compiled
def _sin(x: Array, out: Array) -> None:
    for start in range(0, x.size, BLOCK):
        part, filled = x[start : start + BLOCK], out[start : start + BLOCK]
        if moderate(part):
            for i in range(part.size):
                filled[i] = vector.sin(part[i])
        else:
            for i in range(part.size):
                filled[i] = vector.sin(part[i]) if abs(part[i]) <= ANGLES else math.sin(part[i])


@compiled
def _cos(x: Array, out: Array) -> None:
    for start in range(0, x.size, BLOCK):
        part, filled = x[start : start + BLOCK], out[start : start + BLOCK]
        if moderate(part):
            for i in range(part.size):
                filled[i] = vector.cos(part[i])
        else:
            for i in range(part.size):
                filled[i] = vector.cos(part[i]) if abs(part[i]) <= ANGLES else math.cos(part[i])


exp = of_x(_exp)
log = of_x(_log)
sin = of_x(_sin)
cos = of_x(_cos)
tanh = of_x(_tanh)
sqrt = of_x(_sqrt)
