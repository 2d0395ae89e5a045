"""The minimal loop as its equations stand, in float64, one query at a time: the reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.minimal import Minimal
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._evaluate import evaluate
from paceline_models.monty.minimal._steps import episode

Wide = NDArray[np.float64]


def _mean(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[float, int]:
    store = np.tile(observations, (train, 1)).astype(np.float64)
    return evaluate(lambda query: _mean_similarity(store, query), queries, epochs, theta, evidence)


def _nearest(
    observations: Points, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
) -> tuple[float, int]:
    store = observations.astype(np.float64)
    return evaluate(lambda query: best(store, query, k, radius), queries, epochs, theta, evidence)


def _distances(store: Wide, query: Wide) -> tuple[Wide, Wide]:
    dx, dy, dz, df = (store - query).T
    return np.sqrt(dx * dx + dy * dy + dz * dz), np.abs(df)


def _mean_similarity(store: Wide, query: Points) -> Wide:
    near, alike = _distances(store, query.astype(np.float64))
    mean: Wide = np.mean(1.0 / (1.0 + near + alike), keepdims=True)
    return mean


def best(store: Wide, query: Points, k: int, radius: float) -> Wide:
    """Return the evidence of a query (1, 4) from the nearest few, as an array (1,)."""
    near, alike = _distances(store, query.astype(np.float64))
    within = np.flatnonzero(near <= radius)
    nearest = within[np.argsort(near[within], kind="stable")[:k]]
    greatest: Wide = np.max(1.0 / (1.0 + near[nearest] + alike[nearest]), initial=0.0, keepdims=True)
    return greatest


class _Store:
    """A store that is called step by step."""

    def __init__(self, capacity: int) -> None:
        self.rows = np.empty((capacity, 4))
        self.stored = 0
        self.confidence = 0.0

    def append(self, observation: Points) -> None:
        self.rows[self.stored] = observation
        self.stored += 1

    def step(self, query: Points) -> float:
        evidence = float(_mean_similarity(self.rows[: self.stored], query)[0])
        self.confidence = (self.confidence + evidence) / 2.0
        return evidence

    def reset(self) -> None:
        self.confidence = 0.0


run = run_with(_mean, _nearest)


def run_steps(observations: Points, epochs: int) -> Minimal:
    """Mode ``seed`` with one call for every observation."""
    return episode(_Store, observations, epochs)
