"""The matcher in Rust with a grid: the same text as ``numba_grid``, nodes out of range passed by, exact."""

from __future__ import annotations

from paceline_models._rust import monty_evidence_grid
from paceline_models.monty.evidence._grid import gridded
from paceline_models.monty.evidence._model import matcher
from paceline_models.monty.evidence._rust import grouped

prepare = gridded
run = matcher(grouped(monty_evidence_grid, indexed=True), prepare, index="grid")
run_steps = matcher(grouped(monty_evidence_grid, indexed=True), prepare, index="grid", by_step=True)
