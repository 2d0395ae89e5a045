"""How both Numba implementations are called: checked arguments, kernels, places for the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from paceline_models.arrays._checks import Array, at_least, contiguous, placed, shaped, target
from paceline_models.arrays._numba import flat

Kernel = Callable[..., Any]


def image_normalize(extremes: Kernel, scaled: Kernel) -> Callable[..., Array]:
    """Return ``image_normalize(img, out=None)``."""

    def call(img: Array, out: Array | None = None) -> Array:
        x = contiguous("img", img)
        at_least("img", x, 1)
        filled = target(out, x.shape, (img,))
        low, high = extremes(flat(x))
        scaled(flat(x), low, high - low, flat(filled))
        return placed(out, filled)

    return call


def zscore_2d(zscore: Kernel) -> Callable[..., Array]:
    """Return ``zscore_2d(x, out=None)``."""

    def call(x: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 2)
        filled = target(out, given.shape, (x,))
        if given.size:
            zscore(given, filled)
        return placed(out, filled)

    return call


def layer_norm_rows(layer_norm: Kernel) -> Callable[..., Array]:
    """Return ``layer_norm_rows(x, gamma, beta, out=None)``."""

    def call(x: Array, gamma: Array, beta: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 2)
        columns = _columns(given.shape[1:], gamma=gamma, beta=beta)
        filled = target(out, given.shape, (x, gamma, beta))
        if given.size:
            layer_norm(given, *columns, filled)
        return placed(out, filled)

    return call


def batch_norm(kernel: Kernel) -> Callable[..., Array]:
    """Return ``batch_norm(x, m, v, g, b, out=None)``."""

    def call(x: Array, m: Array, v: Array, g: Array, b: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 2)
        columns = _columns(given.shape[1:], m=m, v=v, g=g, b=b)
        filled = target(out, given.shape, (x, m, v, g, b))
        kernel(given, *columns, filled)
        return placed(out, filled)

    return call


def _columns(shape: tuple[int, ...], **columns: Array) -> list[Array]:
    given = []
    for name, value in columns.items():
        given.append(contiguous(name, value))
        shaped(name, given[-1], shape)
    return given
