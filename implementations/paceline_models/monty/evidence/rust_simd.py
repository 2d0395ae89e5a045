"""The fused matcher in Rust with AVX-512 where there is any: the operations of ``rust_fused``, IEEE rules."""

from __future__ import annotations

from paceline_models._rust import monty_evidence_simd
from paceline_models.monty.evidence._grid import gridded
from paceline_models.monty.evidence._model import matcher
from paceline_models.monty.evidence._rust import grouped

prepare = gridded
run = matcher(grouped(monty_evidence_simd, indexed=True), prepare, index="grid")
run_steps = matcher(grouped(monty_evidence_simd, indexed=True), prepare, index="grid", by_step=True)
