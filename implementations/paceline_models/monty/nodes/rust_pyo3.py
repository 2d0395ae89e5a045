"""Appending row by row, and averages by a table of voxels, in Rust: the same text as ``numba_jit``."""

from __future__ import annotations

from typing import Any

from paceline_models._rust import monty_nodes_append, monty_nodes_averages
from paceline_models.monty.evidence._checks import Array
from paceline_models.monty.nodes import _checks


def append(observations: Any) -> Array:
    """Return the buffer after all rows were appended one by one."""
    return monty_nodes_append(_checks.rows(observations))


def run(observations: Any, voxel: float = 0.003, most: int = 2000) -> Array:
    """Return the averages over voxels, in the order in which these were first touched."""
    return monty_nodes_averages(*_checks.task(observations, voxel, most))
