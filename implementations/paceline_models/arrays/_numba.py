"""How Numba implementations are called: checked arguments, flat views, a place for the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit

from paceline_models.arrays._checks import Array, contiguous, placed, same_shape, target

compiled = njit(cache=True, error_model="numpy")
compiled_parallel = njit(cache=True, error_model="numpy", parallel=True)
"""IEEE rules: no sums in another order, no fused operations but those that are written."""


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
