"""How Numba implementations are called: checked arguments, flat views, a place for the answer."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import numpy as np

from paceline_models._numba import njit
from paceline_models.arrays._checks import Array, at_least, contiguous, placed, same_shape, target

compiled = njit(cache=True, error_model="numpy")
"""IEEE rules: no sums in another order, no fused operations but those that are written."""
compiled_parallel = njit(cache=True, error_model="numpy", parallel=True)
"""The same, on all threads."""


def compiled_reassoc(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function compiled with the leave to sum in any order and to fuse.

    It gets another name than the one that is given: Numba's cache tells functions by name, not by flags.
    """
    copy = types.FunctionType(function.__code__, function.__globals__, function.__name__)
    copy.__qualname__ = f"{function.__qualname__}_reassoc"
    copy.__module__ = function.__module__
    made: Callable[..., Any] = njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract"})(copy)
    return made


def flat(x: Array) -> Array:
    """Return a view (n,) of a contiguous array."""
    return x if x.ndim == 1 else x.reshape(-1)


def of_x(kernel: Callable[..., object]) -> Callable[..., Array]:
    """Return ``name(x, out=None)`` by ``kernel(x, out)``, a function of each element on flat arrays."""

    def call(x: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x)
        filled = target(out, given.shape, (x,))
        kernel(flat(given), flat(filled))
        return placed(out, filled)

    return call


def of_each(kernel: Callable[..., object], *names: str) -> Callable[..., Array]:
    """Return ``name(a, b, ..., out=None)`` for arrays of one shape, by ``kernel(a, b, ..., out)``."""

    def call(*asked: Any, out: Array | None = None) -> Array:
        given = [contiguous(name, x) for name, x in zip(names, asked, strict=True)]
        for name, x in zip(names[1:], given[1:], strict=True):
            same_shape(name, x, names[0], given[0])
        filled = target(out, given[0].shape, asked)
        kernel(*(flat(x) for x in given), flat(filled))
        return placed(out, filled)

    return call


def number_of(kernel: Callable[..., float], *names: str) -> Callable[..., Any]:
    """Return ``name(a, ...)`` for arrays of one shape, by ``kernel(a, ...)``, which returns a number."""

    def call(*asked: Any) -> Any:
        given = [contiguous(name, x) for name, x in zip(names, asked, strict=True)]
        for name, x in zip(names[1:], given[1:], strict=True):
            same_shape(name, x, names[0], given[0])
        return np.float64(kernel(*(flat(x) for x in given)))

    return call


def of_series(kernel: Callable[..., object], least: int, fewer: int, in_place: bool = False) -> Any:
    """Return ``name(x, out=None)`` for ``least`` elements or more, and ``fewer`` in the answer."""

    def call(x: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 1)
        at_least("x", given, least)
        filled = target(out, (max(given.size - fewer, 0),), (x,), in_place)
        if filled.size:
            kernel(given, filled)
        return placed(out, filled)

    return call


def along(kernel: Callable[..., object], axis: int) -> Callable[..., Array]:
    """Return ``name(x, out=None)`` for a matrix, by ``kernel(x, out)``, whose answer has lost ``axis``."""

    def call(x: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 2)
        filled = target(out, (given.shape[1 - axis],), (x,), in_place=False)
        kernel(given, filled)
        return placed(out, filled)

    return call
