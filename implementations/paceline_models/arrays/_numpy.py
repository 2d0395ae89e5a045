"""How NumPy implementations are called: checked arguments of any layout, and somewhere to put the answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from paceline_models.arrays._checks import Array, array, destination, placed, same_shape


def written(function: Callable[..., Any], *names: str, in_place: bool = True) -> Callable[..., Array]:
    """Return ``name(a, ..., out=None)`` by ``function(a, ...)``, whose answer has the arguments' shape."""

    def call(*asked: Any, out: Array | None = None) -> Array:
        given = alike(names, asked)
        place = destination(out, given[0].shape, asked, in_place)
        return placed(place, np.asarray(function(*given)))

    return call


def ufunc(function: Any) -> Callable[..., Array]:
    """Return ``name(x, out=None)`` by a ufunc, which writes to ``out`` itself."""

    def call(x: Array, out: Array | None = None) -> Array:
        x = array("x", x)
        place = destination(out, x.shape, (x,), in_place=True)
        answer = np.asarray(function(x, out=place))
        return answer if place is None else place

    return call


def alike(names: tuple[str, ...], asked: tuple[Any, ...]) -> list[Array]:
    """Return the arguments, all of one shape."""
    given = [array(name, x) for name, x in zip(names, asked, strict=True)]
    for name, x in zip(names[1:], given[1:], strict=True):
        same_shape(name, x, names[0], given[0])
    return given


def place(out: Any, shape: tuple[int, ...], given: tuple[Array, ...], in_place: bool = True) -> Array:
    """Return an array for the answer: ``out``, or a new one."""
    found = destination(out, shape, given, in_place)
    return np.empty(shape) if found is None else found
