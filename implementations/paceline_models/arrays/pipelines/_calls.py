"""How the pipelines of Numba are called: checked arguments and a place for the answer."""

from __future__ import annotations

from collections.abc import Callable

from paceline_models.arrays._checks import (
    Array,
    at_least,
    coloured,
    contiguous,
    layered,
    placed,
    same_shape,
    target,
)

WINDOW = 256


def of_image(kernel: Callable[..., object]) -> Callable[..., Array]:
    """Return ``image(rgb, out=None)``."""

    def image(rgb: Array, out: Array | None = None) -> Array:
        given = contiguous("rgb", rgb, 3)
        coloured("rgb", given)
        shape = max(given.shape[0] - 4, 0), max(given.shape[1] - 4, 0)
        filled = target(out, shape, (rgb,), in_place=False)
        if filled.size:
            kernel(given, filled)
        return placed(out, filled)

    return image


def of_layers(kernel: Callable[..., object]) -> Callable[..., Array]:
    """Return ``mlp(x, w1, b1, w2, b2, out=None)``."""

    def mlp(x: Array, w1: Array, b1: Array, w2: Array, b2: Array, out: Array | None = None) -> Array:
        given = (
            contiguous("x", x, 2), contiguous("w1", w1, 2), contiguous("b1", b1, 1),
            contiguous("w2", w2, 2), contiguous("b2", b2, 1),
        )  # fmt: skip
        layered(*given)
        filled = target(out, (given[0].shape[0], given[3].shape[1]), (x, w1, b1, w2, b2), in_place=False)
        kernel(*given, filled)
        return placed(out, filled)

    return mlp


def of_signal(kernel: Callable[..., object]) -> Callable[..., Array]:
    """Return ``signal(x, out=None)``."""

    def signal(x: Array, out: Array | None = None) -> Array:
        given = contiguous("x", x, 1)
        at_least("x", given, 3)
        filled = target(out, ((given.size - 1) // WINDOW,), (x,), in_place=False)
        kernel(given, filled)
        return placed(out, filled)

    return signal


def of_update(kernel: Callable[..., object]) -> Callable[..., Array]:
    """Return ``adam(weights, gradient, first, second, out=None)``."""

    def adam(weights: Array, gradient: Array, first: Array, second: Array, out: Array | None = None) -> Array:
        asked = (weights, gradient, first, second)
        names = ("weights", "gradient", "first", "second")
        given = [
            contiguous(name, value, 1 if name == "weights" else None)
            for name, value in zip(names, asked, strict=True)
        ]
        for name, value in zip(names[1:], given[1:], strict=True):
            same_shape(name, value, "weights", given[0])
        filled = target(out, (3, given[0].size), asked, in_place=False)
        kernel(*given, filled)
        return placed(out, filled)

    return adam
