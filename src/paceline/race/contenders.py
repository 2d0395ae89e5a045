"""What takes part in a race: places, contenders, races, and what one pair of a race found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
)
HASH_SEED = "0"  # the same for both sides of a pair: the order of sets must not differ


@dataclass(frozen=True)
class Place:
    """An environment as workers are started in it: its interpreter, and variables (None: taken out)."""

    name: str
    python: str
    benchmarks: Path
    variables: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Contender:
    """A case in a place. ``name`` is unique in its race; ``params`` are asv's texts of the values.

    ``threads`` are its own, where they are what contenders differ in; else they are its race's.
    """

    name: str
    place: Place
    benchmark: str
    index: int
    params: tuple[str, ...]
    threads: int | None = None

    @property
    def case(self) -> dict[str, Any]:
        """The case as worker commands name it."""
        return {"benchmark": self.benchmark, "index": self.index, "params": list(self.params)}


@dataclass(frozen=True)
class Race:
    """Contenders that are measured in turns with a baseline.

    ``name`` is unique in a run. Races of one ``crew`` share their workers: a contender's name is the same
    worker in all of them. ``axes`` are the parameters that all contenders have in common. ``threads`` above
    one are not pinned.
    """

    name: str
    model: str
    crew: str
    axes: Mapping[str, Any]
    baseline: Contender
    contenders: tuple[Contender, ...]
    threads: int = 1
    threshold: float = 0.025
    title: str = ""  # the model, with its class where several ask about one model

    @property
    def shown(self) -> str:
        """The name that people read."""
        return self.title or self.model


@dataclass(frozen=True)
class Side:
    """One contender in one pair: ``log_ratio`` is d, None for the baseline itself.

    ``order`` is its place in the first turn, ``seconds`` the least time of a call, ``cpu`` and ``faults``
    (minor page faults) and ``switches`` (involuntary) belong to its batches.
    """

    order: int
    seconds: float
    batches: int
    calls: int
    cpu: float
    wall: float
    faults: int
    switches: int
    log_ratio: float | None = None
    best: tuple[float, ...] = ()


@dataclass(frozen=True)
class Absence:
    """Why a contender has no time: skipped, failed, absent or differs, and the reason."""

    status: str
    reason: str


@dataclass(frozen=True)
class Pair:
    """What one pair of a race found: fresh workers, measured in turns.

    ``sides`` are by the contenders' names; ``null`` is the A/A arm, the baseline once more. ``cpu`` is the
    processor that all ran on, None where they were not pinned.
    """

    sides: Mapping[str, Side]
    null: Side | None = None
    absent: Mapping[str, Absence] = field(default_factory=dict)
    cpu: int | None = None
    steal: float | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
