"""What the classes of the minimal Monty loop share: which implementations, what agrees, what is counted."""

from __future__ import annotations

import math
import os
import subprocess
import sys
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from ._agreement import EXTENSION, difference, load
from .model import IMPLEMENTATIONS, Model, inputs_of

PACKAGE = "paceline_models.monty.minimal"
INDEXES = ("_grid", "_kdtree")  # they concern mode knn only, and repeat another's loop elsewhere
SEQUENTIAL = ((2_500, 5e-6), (10_000, 5e-5), (math.inf, 5e-4))  # one float32 sum grows less exact
PAYLOAD = 16

FIRST_STEP = """
import importlib, sys, time
import numpy
module = importlib.import_module(sys.argv[1])
one = numpy.ones((1, 4), numpy.float32)
start = time.perf_counter()
module.run(one, 1)
print(time.time(), time.perf_counter() - start)
"""

_EXPECTED: dict[tuple[Any, ...], bytes] = {}


def texts() -> dict[str, str]:
    """Return the text of each implementation's file."""
    files = IMPLEMENTATIONS.joinpath(*PACKAGE.split(".")).glob("[!_]*.py")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}


def sequential(module: Any, stored: int) -> float:
    """Return the tolerance that an implementation's way of summing earns it, for so many stored points."""
    if getattr(module, "SUMS", "") != "sequential":
        return 0.0
    return next(rtol for most, rtol in SEQUENTIAL if stored <= most)


def fastest(call: Callable[[], Any], seconds: float = 0.2) -> float:
    """Return the seconds of the fastest of as many calls as fit, three at least."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def first_step(implementation: str, cache: str) -> tuple[float, float]:
    """Return the seconds from the start of a fresh interpreter to the first step, and of that step."""
    command = [sys.executable, "-c", FIRST_STEP, f"{PACKAGE}.{implementation}"]
    start = time.time()
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    end, step = map(float, told.stdout.split())
    return end - start, step


class Episodes(Model):
    """One episode a call. Every call's evidence is compared with the first one's, bit for bit."""

    package = PACKAGE
    rtol, atol = 5e-6, 0.0
    version = "1"
    axes: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def setup(self, implementation: str, *axes: Any) -> None:
        super().setup(implementation, *axes)
        key = (type(self), implementation, *axes)
        if key not in _EXPECTED:
            _EXPECTED[key] = self.call(*self.arguments).evidence.tobytes()
        self.expected = _EXPECTED[key]

    def thunk(self, implementation: str, *axes: Any) -> Callable[[], Any]:
        """Return an episode that is checked."""
        call, arguments, expected = self.call, self.arguments, self.expected

        def checked() -> Any:
            answer = call(*arguments)
            if answer.evidence.tobytes() != expected:
                raise AssertionError("another evidence than the first time")
            return answer

        return checked

    def time_run(self, implementation: str, *axes: Any) -> None:
        if self.call(*self.arguments).evidence.tobytes() != self.expected:
            raise AssertionError("another evidence than the first time")

    def compare(self, got: Any, want: Any, rtol: float, atol: float) -> tuple[float, float, str]:
        """Compare evidence and confidence within the tolerance, steps and stored points exactly."""
        for field in ("steps", "stored"):
            if getattr(got, field) != getattr(want, field):
                return (
                    math.inf,
                    math.inf,
                    f"{field} is {getattr(got, field)}, expected {getattr(want, field)}",
                )
        rtol = max(rtol, sequential(self.module, want.stored))
        told = difference(got.evidence, want.evidence, rtol, atol)
        off = abs(got.confidence - want.confidence)
        if not told[2] and off > atol + rtol * want.confidence:
            return *told[:2], f"confidence is {got.confidence}, expected {want.confidence}"
        return told


class Counted(Episodes):
    """Episodes whose steps are counted: those of training and of evaluation apart."""

    def track_steps_per_s(self, implementation: str, *axes: Any) -> float:
        """Appended and matched observations by the time of the episode: the seed's figure."""
        answer = self.call(*self.arguments)
        return float((answer.stored + answer.steps) / fastest(self.thunk(implementation, *axes)))

    def track_eval_steps_per_s(self, implementation: str, *axes: Any) -> float:
        """Matched observations by the time that matching takes."""
        return 1.0 / self._seconds_a_step()

    def track_ns_per_compare(self, implementation: str, *axes: Any) -> float:
        """Nanoseconds that matching takes for one stored observation."""
        return 1e9 * self._seconds_a_step() / float(self.call(*self.arguments).stored)

    def track_train_ns_per_step(self, implementation: str, *axes: Any) -> float:
        """Nanoseconds of appending an observation, with its share of the call: less what a query takes."""
        one, answer = self._queries(1)
        return 1e9 * max(2.0 * one - self._queries(2)[0], 0.0) / float(answer.stored)

    def track_bytes_per_observation(self, implementation: str, *axes: Any) -> int:
        """Bytes of a stored observation."""
        return int(getattr(self.module, "PAYLOAD", PAYLOAD))

    def _queries(self, count: int) -> tuple[float, Any]:
        """Return the seconds of an episode that matches so many queries an epoch, and its answer."""
        observations, epochs, mode, queries = (*self.arguments, None, None)[:4]
        asked = (observations if queries is None else queries)[:count]
        answer = self.call(observations, epochs, mode or "seed", asked)
        return fastest(lambda: self.call(observations, epochs, mode or "seed", asked)), answer

    def _seconds_a_step(self) -> float:
        """What all queries take longer than one does, by the steps that they are more."""
        one, few = self._queries(1)
        steps = self.call(*self.arguments).steps - few.steps
        longer = fastest(lambda: self.call(*self.arguments)) - one
        return max(longer, 1e-12) / float(steps)


class Indexed(Episodes):
    """Episodes that search an index, built before; the first axis is how many observations it holds."""

    def track_build_ms(self, implementation: str, *axes: Any) -> float:
        """Milliseconds of building the index; 0 where there is none."""
        if not hasattr(self.module, "prepare"):
            return 0.0
        observations = inputs_of(type(self), *axes)[0]
        return 1e3 * fastest(lambda: self.module.prepare(observations))

    def track_bytes_per_observation_indexed(self, implementation: str, *axes: Any) -> float:
        """Bytes of an observation with its share of the index."""
        prepared = self.arguments[0]
        return float(getattr(prepared, "nbytes", 0)) / float(axes[0])


class Started(ABC):
    """What it takes to start an implementation."""

    param_names: ClassVar = ["implementation"]
    timeout = 300.0
    version = "1"

    @abstractmethod
    def setup(self, implementation: str) -> None:
        """Load the implementation; abstract, since this class would be a benchmark of its own."""

    def track_startup_ms(self, implementation: str) -> float:
        """Milliseconds with files and the JIT's cache warm: the least of five."""
        with tempfile.TemporaryDirectory() as cache:
            return 1e3 * min(first_step(implementation, cache)[0] for _ in range(6))

    def track_first_call_ms(self, implementation: str) -> float:
        """Milliseconds of the first call with an empty JIT cache."""
        with tempfile.TemporaryDirectory() as cache:
            return 1e3 * first_step(implementation, cache)[1]

    def track_artefact_bytes(self, implementation: str) -> int:
        """Bytes of the compiled extension, 0 for what does not use it."""
        package = load(PACKAGE.partition(".")[0])
        extension = next(Path(str(package.__file__)).parent.glob(f"{EXTENSION}*.so"))
        return extension.stat().st_size if implementation.startswith("rust") else 0


for _name, _unit in {
    "track_steps_per_s": "steps/s",
    "track_eval_steps_per_s": "steps/s",
    "track_ns_per_compare": "ns",
    "track_train_ns_per_step": "ns",
    "track_bytes_per_observation": "bytes",
}.items():
    getattr(Counted, _name).unit = _unit

Started.track_startup_ms.unit = "ms"  # type: ignore[attr-defined]
Started.track_first_call_ms.unit = "ms"  # type: ignore[attr-defined]
Started.track_artefact_bytes.unit = "bytes"  # type: ignore[attr-defined]
Indexed.track_build_ms.unit = "ms"  # type: ignore[attr-defined]
Indexed.track_bytes_per_observation_indexed.unit = "bytes"  # type: ignore[attr-defined]
# What it measures is not what it was: an append without the query.
Counted.track_train_ns_per_step.version = "2"  # type: ignore[attr-defined]
