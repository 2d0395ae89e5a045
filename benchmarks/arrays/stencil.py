"""Stencils and maps of square fields of at most n elements, and a rod of n."""

from __future__ import annotations

from typing import Any

import numpy as np

from ._workload import APART, LARGE, MEMORY, N, Workload, square

STENCIL = "paceline_models.arrays.stencil"


class Laplacian(Workload):
    """The five-point Laplacian."""

    package, function = STENCIL, "laplacian"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-14, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return a field of standard normal values."""
        return (rng.normal(size=square(n)),)


class LaplacianThreads(Laplacian):
    """The five-point Laplacian on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class Sobel(Laplacian):
    """Magnitudes of central differences."""

    function = "sobel"
    rtol, atol = 1e-14, 1e-15
    version = "1"


class SobelThreads(Sobel):
    """Magnitudes of central differences on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class BoxBlur3(Laplacian):
    """Means of 3 x 3, along rows and then across."""

    function = "box_blur3"
    rtol, atol = 1e-14, 1e-15
    version = "1"


class BoxBlur3Threads(BoxBlur3):
    """Means of 3 x 3 on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class VectorMagnitude(Workload):
    """Lengths of the vectors of a plane field."""

    package, function = STENCIL, "vector_magnitude"
    axes = {"n": N, "memory": MEMORY}
    rtol, atol = 1e-15, 0.0
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return two fields of standard normal values."""
        return rng.normal(size=square(n)), rng.normal(size=square(n))


class VectorMagnitudeThreads(VectorMagnitude):
    """Lengths of the vectors of a plane field on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"


class HeatStep(Workload):
    """A hundred steps of the heat equation on a rod."""

    package, function = STENCIL, "heat_step"
    axes = {"n": N, "memory": APART}
    rtol, atol = 1e-12, 1e-14
    version = "1"

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return the rod, dt / dx^2, and the number of steps."""
        return rng.normal(size=n), 0.25, 100


class HeatStepThreads(HeatStep):
    """A hundred steps of the heat equation on several threads."""

    axes = {"n": LARGE, "memory": ("out",), "threads": (1, 2)}
    version = "1"
