"""The Monty learning loop: the minimal loop, and the real Monty's evidence matcher.

By size, mode or rule, and way of calling; and what starting the minimal loop costs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from . import _curve, _evidence, _minimal
from ._agreement import load
from ._minimal import texts
from ._objects import objects_of, sensor_path

ROWS = ("10x10", "50x10", "100x10", "500x5", "1000x2")  # observations x epochs: the seed's table
SIZES = (10, 50, 100, 500, 1_000, 10_000, 100_000)
QUERIES = 200  # of 10,000 observations and more, evenly spaced
SEARCHED = 1_000
COMPARISONS = 200_000  # an episode has at least so many
MEANS = [name for name in texts() if not name.endswith(_minimal.INDEXES) and name != "rust_early_exit"]
SCANS = ["numba_jit", "pure_numpy", "rust_early_exit", "rust_pyo3"]
SEARCHES = [name for name in texts() if name.endswith(_minimal.INDEXES) or name in SCANS]
SHAPED = ["numba_jit", "pure_numpy", "rust_f16", "rust_grid", "rust_kdtree", "rust_pyo3", "rust_simd"]
POOLS = ["numba_parallel", "numba_soa", "rust_rayon", "rust_soa"]  # each pool beside the same without one


def among(names: list[str], first: str = "pure_numpy") -> list[str]:
    """Return names in order, the reference first."""
    return sorted(names, key=lambda name: (name != first, name))


class MinimalSeed(_minimal.Counted):  # the first of its model: the one that startup.py takes
    """The seed's loop and table: all that all epochs append is matched in each; an episode a call."""

    axes = {"row": ROWS}

    @classmethod
    def implementations(cls) -> list[str]:
        return among(MEANS)

    def inputs(self, rng: np.random.Generator, row: str) -> tuple[Any, ...]:
        """Return observations and epochs."""
        n, epochs = map(int, row.split("x"))
        return _curve.curve(n), epochs


class MinimalSeedSteps(_minimal.Episodes):
    """The seed's loop, called from Python once for every observation."""

    axes = {"row": ROWS}
    function = "run_steps"

    @classmethod
    def implementations(cls) -> list[str]:
        return among([name for name, text in texts().items() if "\ndef run_steps(" in text])

    def inputs(self, rng: np.random.Generator, row: str) -> tuple[Any, ...]:
        """Return observations and epochs."""
        n, epochs = map(int, row.split("x"))
        return _curve.curve(n), epochs


class MinimalFixed(_minimal.Counted):
    """Stored once, matched for as many epochs as give 200,000 comparisons."""

    axes = {"n": SIZES}

    @classmethod
    def implementations(cls) -> list[str]:
        return among(MEANS)

    def setup(self, implementation: str, n: int) -> None:
        if implementation.endswith("_f16") and n > 1_000:
            raise NotImplementedError("half precision does not resolve coordinates of this size")
        super().setup(implementation, n)

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return observations, epochs, the mode and what is matched."""
        observations = _curve.curve(n)
        epochs = -(-COMPARISONS // (n * n))
        return observations, epochs, "fixed", _curve.stratified(observations, QUERIES if n > 1_000 else n)


class MinimalKnn(_minimal.Indexed):
    """Evidence from the three nearest within a radius, of a thousand noisy points on a cylinder."""

    axes = {"n": (1_000, 10_000, 100_000)}
    rtol, atol = 0.0, 0.0

    @classmethod
    def implementations(cls) -> list[str]:
        return among(SEARCHES)

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return observations, epochs, the mode, what is matched, neighbours and radius."""
        observations, radius = _curve.cylinder(rng, n), _curve.search_radius(n)
        queries = _curve.noisy(rng, _curve.stratified(observations, SEARCHED), radius)
        return observations, 1, "knn", queries, 3, radius


class MinimalShape(_minimal.Episodes):
    """Points on the evidence matcher's objects instead of the curve: all matched, or the nearest searched."""

    axes = {"shape": _curve.SHAPES, "mode": ("fixed", "knn")}

    @classmethod
    def implementations(cls) -> list[str]:
        return among(SHAPED)

    def setup(self, implementation: str, *axes: Any) -> None:
        if (axes[1] == "knn") != (implementation in SEARCHES) and implementation not in SCANS:
            raise NotImplementedError(f"{implementation} is about another mode than {axes[1]}")
        super().setup(implementation, *axes)

    def inputs(self, rng: np.random.Generator, shape: str, mode: str) -> tuple[Any, ...]:
        """Return observations, epochs, the mode, and what is matched or searched, and how."""
        observations, radius = _curve.shaped(shape, 1_000), _curve.search_radius(1_000)
        asked = _curve.stratified(observations, QUERIES)
        searched = (_curve.noisy(rng, asked, radius), 3, radius)
        return (observations, 1, mode, *(searched if mode == "knn" else (asked,)))


class MinimalTerminate(_minimal.Episodes):
    """The same for a hundred epochs, each ending when the confidence is reached: theta 2 is never."""

    axes = {"n": (1_000,), "theta": (0.6, 2.0)}
    rtol, atol = 0.0, 0.0

    @classmethod
    def implementations(cls) -> list[str]:
        return among(SEARCHES)

    def inputs(self, rng: np.random.Generator, n: int, theta: float) -> tuple[Any, ...]:
        """Return observations, epochs, the mode, what is matched and how."""
        observations, radius = _curve.cylinder(rng, n), _curve.search_radius(n)
        queries = _curve.noisy(rng, _curve.stratified(observations, 100), radius)
        return observations, 10, "terminate", queries, 3, radius, theta, "knn"

    def track_steps(self, implementation: str, n: int, theta: float) -> int:
        """Steps of all epochs."""
        return int(self.call(*self.arguments).steps)


class MinimalThreads(_minimal.Episodes):
    """Queries shared among the threads of a pool, beside the same without one."""

    axes = {"n": (100, 10_000), "threads": (1, 2)}
    baseline = "rust_soa"

    @classmethod
    def implementations(cls) -> list[str]:
        return POOLS

    def inputs(self, rng: np.random.Generator, n: int) -> tuple[Any, ...]:
        """Return observations, epochs, the mode and what is matched."""
        observations = _curve.curve(n)
        return observations, max(1, COMPARISONS // (n * n)), "fixed", _curve.stratified(observations, QUERIES)


class EvidenceSteps(_evidence.Matching):
    """The evidence matcher, called from Python once for every observation."""

    function = "run_steps"
    axes = {"size": ("S",), "k": (10,)}
    inputs = _evidence.Matching.by_size

    @classmethod
    def implementations(cls) -> list[str]:
        return [name for name in super().implementations() if name != "tbp_monty"]  # it has no other way


class NodesAppend(_evidence.Exploring):
    """What exploring senses, appended to a buffer row by row."""

    function = "append"
    axes = {"n": (2_000,)}
    inputs = _evidence.Exploring.of_mug


class Nodes(_evidence.Exploring):
    """What exploring has sensed, averaged over voxels of 3 mm; the index over them is ``track_build_ms``."""

    axes = {"n": (2_000, 20_000)}
    inputs = _evidence.Exploring.of_mug


class EvidenceLarge(_evidence.Counted):
    """Four and ten objects of two thousand nodes; what scans all nodes sits out the ten."""

    axes = {"size": ("M", "L"), "k": (10,)}
    inputs = _evidence.Counted.by_size
    reference, baseline = "numba_bounded", "numba_fused"

    @classmethod
    def implementations(cls) -> list[str]:
        return [name for name in super().implementations() if name != "pure_numpy"]

    def setup(self, implementation: str, *axes: Any) -> None:
        if axes[0] == "L" and implementation in _evidence.SCANS:
            raise NotImplementedError("a scan of so many nodes takes seconds: see size M")
        super().setup(implementation, *axes)


class EvidenceXL(_evidence.Counted):
    """Seventy-seven objects of two thousand nodes, for what searches in one pass."""

    axes = {"size": ("XL",), "k": (10,)}
    inputs = _evidence.Counted.by_size
    reference = baseline = "numba_fused"

    @classmethod
    def implementations(cls) -> list[str]:
        return [name for name in super().implementations() if name.endswith(("_fused", "_simd"))]


class EvidenceThreads(_evidence.Matching):
    """The hypotheses of four objects shared among the threads of a pool, beside the same without one."""

    axes = {"size": ("M",), "k": (10,), "threads": (1, 2)}
    inputs = _evidence.Matching.by_size
    reference = baseline = "rust_fused"

    @classmethod
    def implementations(cls) -> list[str]:
        return ["rust_fused", _evidence.POOL]


class EvidenceRules(_evidence.Matching):
    """All hypotheses tested at every step, or those near the best; to the end, or to a terminal condition."""

    axes = {"rule": ("all", "80%", "20%"), "end": ("last", "terminal")}
    reference, baseline = "numba_bounded", "numba_fused"

    def inputs(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return objects, observations, displacements and how many nodes are compared."""
        return self.by_size(rng, "sparse", 10)

    def ready(self, given: tuple[Any, ...], *axes: Any) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Return the call with its options."""
        call, arguments = super().ready(given, *axes)
        self.options = {"rule": axes[0], "terminate": axes[1] == "terminal"}
        return functools.partial(call, **self.options), arguments

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare with the reference that is given the same options."""
        reference = load(f"{self.package}.{self.reference}").run
        want = reference(*self.inputs(np.random.default_rng()), **self.options)
        return super().compare(got, want, rtol, atol)


class EvidencePeer(_evidence.Matching):
    """Beside the real Monty's own module, where it is installed: nodes as sampled, or means over voxels."""

    axes = {"size": ("S", "L"), "graph": ("raw", "voxel"), "k": (10,)}
    reference, baseline = "scipy_kdtree", "numba_fused"

    @classmethod
    def implementations(cls) -> list[str]:
        return ["scipy_kdtree", "numba_fused", "pure_numpy", "rust_fused", "rust_simd", "tbp_monty"]

    def setup(self, implementation: str, *axes: Any) -> None:
        if axes[0] == "L" and implementation == "pure_numpy":
            raise NotImplementedError("all distances to so many nodes take ten seconds: see size S")
        super().setup(implementation, *axes)

    def inputs(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return objects of a size and kind of graph, observations, displacements and nodes compared."""
        size, graph, k = axes
        objects = objects_of(size, graph)
        path = sensor_path(objects)
        return objects, path.sensed, path.displacement, k


class Evidence(_evidence.Counted):  # the last of its model: the one that startup.py takes
    """One object and ten of five hundred nodes, by how many of the nearest are compared."""

    axes = {"size": ("S", "sparse"), "k": (3, 5, 10)}
    inputs = _evidence.Counted.by_size


class MinimalStartup(_minimal.Started):
    """From the start of a fresh interpreter to the first step returned, by implementation."""

    params: ClassVar = [among(MEANS)]

    def setup(self, implementation: str) -> None:
        load(f"{_minimal.PACKAGE}.{implementation}")


MinimalTerminate.track_steps.unit = "steps"  # type: ignore[attr-defined]
