"""What the classes of the evidence matcher share: objects and paths, what agrees, what is counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from ._agreement import difference
from ._minimal import fastest
from ._objects import MUG, object_of, objects_of, rows_of, sensor_path
from .model import Model, inputs_of

PACKAGE = "paceline_models.monty.evidence"
SCANS = ("numba_jit", "rust_pyo3")  # every hypothesis looks at every node
POOL = "rust_rayon"

_EXPECTED: dict[tuple[Any, ...], bytes] = {}


class Matching(Model):
    """An episode of thirteen observations. Every call's checksums are compared with the first one's."""

    package = PACKAGE
    rtol, atol = 0.0, 1e-9
    version = "1"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {}
    timeout = 300.0

    @classmethod
    def implementations(cls) -> list[str]:
        return [name for name in super().implementations() if name != POOL]

    def by_size(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return objects of a size, observations, displacements and how many nodes are compared.

        The ``inputs`` of most subclasses; here it would make this class a benchmark of its own.
        """
        size, k = axes
        objects = objects_of(size)
        path = sensor_path(objects)
        return objects, path.sensed, path.displacement, k

    def setup(self, implementation: str, *axes: Any) -> None:
        super().setup(implementation, *axes)
        key = (type(self), implementation, *axes)
        if key not in _EXPECTED:
            _EXPECTED[key] = self.call(*self.arguments).checksum.tobytes()
        self.expected = _EXPECTED[key]

    def thunk(self, implementation: str, *axes: Any) -> Callable[[], Any]:
        """Return an episode that is checked."""
        call, arguments, expected = self.call, self.arguments, self.expected

        def checked() -> Any:
            answer = call(*arguments)
            if answer.checksum.tobytes() != expected:
                raise AssertionError("another evidence than the first time")
            return answer

        return checked

    def time_run(self, implementation: str, *axes: Any) -> None:
        if self.call(*self.arguments).checksum.tobytes() != self.expected:
            raise AssertionError("another evidence than the first time")

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare the evidence of all hypotheses, and what follows from it exactly."""
        for field in ("possible", "terminal"):
            if getattr(got, field) != getattr(want, field):
                return math.inf, math.inf, f"{field} differs"
        one, other = (np.concatenate(answer.evidence) for answer in (got, want))
        told = difference(one, other, rtol, atol)
        if not told[2] and not np.array_equal(got.mlh_object, want.mlh_object):
            return *told[:2], "the most likely objects differ"
        return told


class Counted(Matching):
    """Episodes whose hypotheses and bytes are counted."""

    def track_eval_steps_per_s(self, implementation: str, *axes: Any) -> float:
        """Observations taken in per second."""
        return float(self.arguments[1].shape[0]) / fastest(self.thunk(implementation, *axes))

    def track_ns_per_hypothesis(self, implementation: str, *axes: Any) -> float:
        """Nanoseconds that an observation after the first costs a hypothesis."""
        hypotheses = sum(evidence.size for evidence in self.call(*self.arguments).evidence)
        updates = hypotheses * (self.arguments[1].shape[0] - 1)
        return 1e9 * fastest(self.thunk(implementation, *axes)) / float(updates)

    def track_bytes_per_observation(self, implementation: str, *axes: Any) -> float:
        """Bytes of a stored node."""
        prepared = self.arguments[0]
        return float(prepared.nbytes / prepared.pos.shape[0])

    def track_bytes_per_observation_indexed(self, implementation: str, *axes: Any) -> float:
        """Bytes of a stored node with its share of the index."""
        prepared = self.arguments[0]
        return float((prepared.nbytes + prepared.index_nbytes) / prepared.pos.shape[0])

    def track_build_ms(self, implementation: str, *axes: Any) -> float:
        """Milliseconds of putting the objects side by side and building the index."""
        objects = inputs_of(type(self), *axes)[0]
        return 1e3 * fastest(lambda: self.module.prepare(objects))


class Exploring(Model):
    """What is sensed of the mug before it is known: observations, and the nodes made of them."""

    package = "paceline_models.monty.nodes"
    rtol, atol, version = 0.0, 0.0, "1"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def of_mug(self, rng: np.random.Generator, *axes: Any, **named: Any) -> tuple[Any, ...]:
        """Return n observations (n, 18): the ``inputs`` of subclasses."""
        (n,) = axes
        return (rows_of(object_of(MUG, n)),)


for _name, _unit in {
    "track_eval_steps_per_s": "steps/s",
    "track_ns_per_hypothesis": "ns",
    "track_bytes_per_observation": "bytes",
    "track_bytes_per_observation_indexed": "bytes",
    "track_build_ms": "ms",
}.items():
    getattr(Counted, _name).unit = _unit
