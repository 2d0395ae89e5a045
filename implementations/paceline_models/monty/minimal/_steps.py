"""Call mode ``step``: an episode of mode ``seed`` driven from Python, one call for every observation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from paceline_models.monty.minimal import MAX_STEPS, Minimal, _checks


class Store(Protocol):
    """What is called: ``append`` in training, ``reset`` before an epoch of evaluation, ``step`` in it."""

    def append(self, observation: Any, /) -> None:
        """Store an observation (4,)."""

    def reset(self) -> None:
        """Begin an epoch: no confidence."""

    def step(self, query: Any, /) -> float:
        """Return the evidence of a query (4,), and take it into the confidence."""

    @property
    def confidence(self) -> float:
        """The confidence after the last step."""


def episode(make: Callable[[int], Any], observations: Any, epochs: Any) -> Minimal:
    """Run mode ``seed`` on a store that ``make(capacity)`` returns."""
    task = _checks.task(observations, epochs)
    stored = len(task.observations) * task.epochs
    store: Store = make(stored)
    append, step = store.append, store.step
    for _ in range(task.epochs):
        for observation in task.observations:
            append(observation)
    evidence = np.full(len(task.queries), np.nan, np.float32)
    for _ in range(task.epochs):
        store.reset()
        for i, query in enumerate(task.queries[:MAX_STEPS]):
            evidence[i] = step(query)
    steps = task.epochs * min(len(task.queries), MAX_STEPS)
    return Minimal(evidence, float(store.confidence), steps, stored)
