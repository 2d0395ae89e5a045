"""The fused matcher in Rust, hypotheses shared among the threads of a pool (rayon)."""

from __future__ import annotations

from paceline_models._rust import monty_evidence_rayon
from paceline_models.monty.evidence._grid import gridded
from paceline_models.monty.evidence._model import matcher
from paceline_models.monty.evidence._rust import grouped

prepare = gridded
run = matcher(grouped(monty_evidence_rayon, indexed=True), prepare, index="grid")
run_steps = matcher(grouped(monty_evidence_rayon, indexed=True), prepare, index="grid", by_step=True)
