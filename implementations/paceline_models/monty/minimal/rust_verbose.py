"""The seed's loop in Rust, printing a line for every tenth step; as ``rust_pyo3`` otherwise."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

from paceline_models._rust import monty_minimal_knn as _nearest
from paceline_models._rust import monty_minimal_verbose as _mean
from paceline_models.monty.minimal import Minimal
from paceline_models.monty.minimal._episode import run_with

SUMS = "sequential"


def run(
    observations: Any,
    epochs: int,
    mode: str = "seed",
    *options: Any,
    log: str | Path = os.devnull,
    **named: Any,
) -> Minimal:
    """Return the episode's answer; lines are appended to the file ``log``, never to standard output."""
    mean = functools.partial(_logged, str(log))
    return run_with(mean, _nearest)(observations, epochs, mode, *options, **named)


def _logged(log: str, *arguments: Any) -> tuple[float, int]:
    return _mean(*(*arguments, log))
