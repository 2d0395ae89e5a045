"""The seed's loop in Numba: the same text as ``rust_pyo3``, float32, one sequential sum (knn: float64)."""

from __future__ import annotations

import math

import numpy as np

from paceline_models._numba import njit
from paceline_models.monty.minimal import MAX_STEPS, Minimal
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import run_with
from paceline_models.monty.minimal._numba import best, compiled, offer, squared
from paceline_models.monty.minimal._steps import episode

SUMS = "sequential"
ONE, HALF, ZERO = np.float32(1.0), np.float32(0.5), np.float32(0.0)


@njit(cache=True, error_model="numpy")
def similarity_mean(rows: Points, count: int, x: float, y: float, z: float, f: float) -> np.float32:
    """Return the mean over rows of 1 / (1 + distance + difference of features), summed in order."""
    total = ZERO
    for j in range(count):
        dx, dy, dz = rows[j, 0] - x, rows[j, 1] - y, rows[j, 2] - z
        distance = math.sqrt(dx * dx + dy * dy + dz * dz)
        total += ONE / (ONE + distance + abs(rows[j, 3] - f))
    return total / np.float32(count)


@njit(cache=True, error_model="numpy")
def _mean(
    observations: Points, queries: Points, train: int, epochs: int, theta: float, evidence: Points
) -> tuple[np.float32, int]:
    n = observations.shape[0]
    store = np.empty((n * train, 4), np.float32)
    stored = 0
    for _ in range(train):
        for j in range(n):
            for column in range(4):
                store[stored, column] = observations[j, column]
            stored += 1
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = ZERO, 0
    for _ in range(epochs):
        confidence = ZERO
        done = 0
        for i in range(reach):
            x, y, z, f = queries[i, 0], queries[i, 1], queries[i, 2], queries[i, 3]
            evidence[i] = similarity_mean(store, stored, x, y, z, f)
            confidence = (confidence + evidence[i]) * HALF
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


@compiled
def _nearest(
    observations: Points, queries: Points, epochs: int, theta: float, k: int, radius: float, evidence: Points
) -> tuple[float, int]:
    rows = observations.copy()
    distances, indices = np.empty(k), np.empty(k, np.int64)
    reach = min(queries.shape[0], MAX_STEPS)
    confidence, steps = 0.0, 0
    for _ in range(epochs):
        confidence = 0.0
        done = 0
        for i in range(reach):
            found = 0
            for j in range(rows.shape[0]):
                distance = math.sqrt(squared(rows, j, queries, i))
                if distance <= radius:
                    found = offer(distances, indices, found, distance, j)
            similarity = best(rows, distances, indices, found, queries[i, 3])
            evidence[i] = similarity
            confidence = (confidence + similarity) * 0.5
            done += 1
            if confidence >= theta:
                break
        steps += done
        evidence[done:] = np.nan
    return confidence, steps


run = run_with(_mean, _nearest)


@njit(cache=True, error_model="numpy")
def _append(rows: Points, stored: int, observation: Points) -> None:
    for column in range(4):
        rows[stored, column] = observation[column]


@njit(cache=True, error_model="numpy")
def _step(rows: Points, stored: int, query: Points) -> np.float32:
    return similarity_mean(rows, stored, query[0], query[1], query[2], query[3])


class _Store:
    """A store that is called step by step."""

    def __init__(self, capacity: int) -> None:
        self.rows = np.empty((capacity, 4), np.float32)
        self.stored = 0
        self.confidence = 0.0

    def append(self, observation: Points) -> None:
        _append(self.rows, self.stored, observation)
        self.stored += 1

    def step(self, query: Points) -> float:
        evidence = float(_step(self.rows, self.stored, query))
        self.confidence = (self.confidence + evidence) * 0.5
        return evidence

    def reset(self) -> None:
        self.confidence = 0.0


def run_steps(observations: Points, epochs: int) -> Minimal:
    """Mode ``seed`` with one call for every observation."""
    return episode(_Store, observations, epochs)
