"""A workload: one function of a model of array operations, asked of the implementations that have it."""

from __future__ import annotations

import ast
import functools
from abc import abstractmethod
from math import isqrt
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ..model import IMPLEMENTATIONS, Model

N = (1_000, 10_000, 100_000, 1_000_000)
LARGE = (100_000, 1_000_000)
SWEEP = (16, 64, 256, 1_000, 1_024, 4_096, 10_000, 16_384, 100_000, 1_000_000)
MEMORY = ("alloc", "out", "inplace")
APART = ("alloc", "out")  # of functions that are not worked out in place
EPSILON = float(np.finfo(np.float64).eps)
PARALLEL = ("_parallel", "_rayon")


class Workload(Model):
    """A function of arrays. Subclasses say ``function``, ``package``, ``axes``, a tolerance and ``version``.

    The implementations are the files that define the function. Those on several threads take part only where
    there is an axis ``threads``, and there only they and the reference do.
    """

    package = "paceline_models.arrays"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {}

    @classmethod
    def implementations(cls) -> list[str]:
        names = [name for name in super().implementations() if cls.function in _defined(_file(cls, name))]
        if "threads" in cls.axes:
            return [name for name in names if name == cls.reference or name.endswith(PARALLEL)]
        return [name for name in names if not name.endswith(PARALLEL)]

    @abstractmethod
    def inputs(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]: ...

    def scale(self, *inputs: Any) -> Any:
        """Return what ``atol`` is a share of; sums with cancellation are as exact as their largest terms."""
        return 1.0

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        return super().compare(got, want, rtol, atol * self.scale(*self.arguments))


def square(n: int) -> tuple[int, int]:
    """Return the shape of a square matrix of at most n elements."""
    return isqrt(n), isqrt(n)


def _file(kind: type[Model], name: str) -> Path:
    return IMPLEMENTATIONS.joinpath(*kind.package.split("."), f"{name}.py")


@functools.cache
def _defined(file: Path) -> frozenset[str]:
    """Return the names that a file binds at its top, without importing it."""
    names: set[str] = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
    return frozenset(names)
