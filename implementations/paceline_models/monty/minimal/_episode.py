"""What all implementations share around their kernels: checked arguments, the answer, prepared indexes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from paceline_models.monty.minimal import Minimal, _checks
from paceline_models.monty.minimal._checks import Points

Mean = Callable[[Points, Points, int, int, float, Points], tuple[Any, int]]
"""``mean(observations, queries, train, epochs, theta, evidence) -> (confidence, steps)``, evidence filled."""
Nearest = Callable[[Any, Points, int, float, int, float, Points], tuple[float, int]]
"""``nearest(source, queries, epochs, theta, k, radius, evidence)``: source is observations or an index."""


class Index(NamedTuple):
    """Observations with an index of them; ``nbytes`` counts the index with what it holds of them."""

    observations: Points
    made_by: str
    index: Any
    nbytes: int


def run_with(
    mean: Mean, nearest: Nearest, prepare: Callable[..., Index] | None = None
) -> Callable[..., Minimal]:
    """Return the ``run`` of an implementation, as its package describes it, from its two kernels."""

    def run(observations: Any, epochs: int, mode: str = "seed", *options: Any, **named: Any) -> Minimal:
        prepared = prepare is not None and isinstance(observations, Index)
        stored = observations.observations if prepared else observations
        task = _checks.task(stored, epochs, mode, *options, **named)
        evidence = np.empty(len(task.queries), np.float32)
        if task.train:
            ends = task.train, task.epochs, task.theta
            confidence, steps = mean(task.observations, task.queries, *ends, evidence)
            return Minimal(evidence, float(confidence), int(steps), task.train * len(task.observations))
        source: Any = task.observations
        if prepare is not None:
            source = own(observations, prepare) if prepared else prepare(source)
        search = task.epochs, task.theta, task.k, task.radius
        confidence, steps = nearest(source, task.queries, *search, evidence)
        return Minimal(evidence, float(confidence), int(steps), len(task.observations))

    run.__qualname__ = "run"
    return run


def own(index: Index, prepare: Callable[..., Index]) -> Index:
    """Return the index, which must be of this ``prepare``."""
    if index.made_by != prepare.__module__:
        names = (index.made_by.rpartition(".")[2], prepare.__module__.rpartition(".")[2])
        raise ValueError(f"the index was prepared by {names[0]}: give {names[1]} one of its own prepare")
    return index
