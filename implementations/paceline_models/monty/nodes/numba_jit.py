"""Appending row by row, and averages by a table of voxels, in Numba: the same text as ``rust_pyo3``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from paceline_models._numba import njit
from paceline_models.monty.evidence._checks import Array, Index
from paceline_models.monty.nodes import _checks
from paceline_models.monty.nodes._checks import WIDTH

compiled = njit(cache=True, error_model="numpy")


@compiled
def _appended(rows: Array) -> Array:
    buffer, held = np.empty((1, WIDTH)), 0
    for i in range(rows.shape[0]):
        if held == buffer.shape[0]:
            larger = np.empty((2 * held, WIDTH))
            larger[:held] = buffer
            buffer = larger
        for column in range(WIDTH):
            buffer[held, column] = rows[i, column]
        held += 1
    return buffer[:held]


@compiled
def place_of(table: Index, cells: Index, x: Any, y: Any, z: Any) -> Any:
    """Return the place in the table that holds a voxel, or that is free for it."""
    last = table.shape[0] - 1
    place = ((x * 73856093) ^ (y * 19349663) ^ (z * 83492791)) & last
    while table[place] >= 0:
        node = table[place]
        if cells[node, 0] == x and cells[node, 1] == y and cells[node, 2] == z:
            break
        place = (place + 1) & last
    return place


@compiled
def bound(counts: Index, most: int) -> tuple[int, int]:
    """Return the least count of a node that is kept, and how many of just that count are."""
    ordered = np.sort(counts)
    least = ordered[ordered.shape[0] - most]
    above = 0
    for i in range(ordered.shape[0]):
        if ordered[i] > least:
            above += 1
    return least, most - above


@compiled
def _averages(rows: Array, voxel: float, most: int) -> Array:
    n = rows.shape[0]
    size = 2
    while size < 2 * n:
        size *= 2
    table, cells = np.full(size, -1, np.int64), np.empty((n, 3), np.int64)
    sums, counts = np.zeros((n, WIDTH)), np.zeros(n, np.int64)
    found = 0
    for i in range(n):
        x = np.int64(math.floor(rows[i, 0] / voxel))
        y = np.int64(math.floor(rows[i, 1] / voxel))
        z = np.int64(math.floor(rows[i, 2] / voxel))
        place = place_of(table, cells, x, y, z)
        if table[place] < 0:
            table[place] = found
            cells[found, 0], cells[found, 1], cells[found, 2] = x, y, z
            found += 1
        node = table[place]
        for column in range(WIDTH):
            sums[node, column] += rows[i, column]
        counts[node] += 1
    kept = min(found, most)
    least, equals = bound(counts[:found], kept)
    nodes = np.empty((kept, WIDTH))
    taken = 0
    for node in range(found):
        if counts[node] == least:
            equals -= 1
        if counts[node] > least or (counts[node] == least and equals >= 0):
            for column in range(WIDTH):
                nodes[taken, column] = sums[node, column] / counts[node]
            taken += 1
    return nodes


def append(observations: Any) -> Array:
    """Return the buffer after all rows were appended one by one."""
    return _appended(_checks.rows(observations))


def run(observations: Any, voxel: float = 0.003, most: int = 2000) -> Array:
    """Return the averages over voxels, in the order in which these were first touched."""
    return _averages(*_checks.task(observations, voxel, most))
