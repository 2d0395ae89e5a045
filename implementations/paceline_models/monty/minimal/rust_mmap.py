"""Observations in a file mapped into memory, matched where they lie (fixed), in Rust; else ``rust_pyo3``."""

from __future__ import annotations

import functools
import tempfile
from typing import Any

from paceline_models._rust import MontyFile
from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models.monty.minimal import Minimal, _checks
from paceline_models.monty.minimal._checks import Points
from paceline_models.monty.minimal._episode import Index, own, run_with

SUMS = "sequential"


def prepare(observations: Points) -> Index:
    """Return the observations with a file of them that is mapped, and has no name any more."""
    stored = _checks.points("observations", observations)
    with tempfile.NamedTemporaryFile() as file:
        stored.tofile(file)
        file.flush()
        return Index(stored, __name__, MontyFile(file.name), stored.nbytes)


def run(observations: Any, epochs: int, mode: str = "seed", *options: Any, **named: Any) -> Minimal:
    """Return the episode's answer; what is stored once (fixed) is not copied."""
    if isinstance(observations, Index):
        file = own(observations, prepare)
    else:
        _checks.task(observations, epochs, mode, *options, **named)  # before a file is written
        file = prepare(observations)
    mean = functools.partial(_mapped, file.index)
    return run_with(mean, _nearest)(file.observations, epochs, mode, *options, **named)


def _mapped(file: MontyFile, _observations: Points, *arguments: Any) -> tuple[float, int]:
    return file.run(*arguments)
