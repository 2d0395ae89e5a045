"""The evidence matcher in Rust: the same text as ``numba_jit``, a scan over all nodes."""

from __future__ import annotations

from paceline_models._rust import monty_evidence_scan
from paceline_models.monty.evidence._model import matcher, pack
from paceline_models.monty.evidence._rust import grouped

prepare = pack
run = matcher(grouped(monty_evidence_scan), prepare)
run_steps = matcher(grouped(monty_evidence_scan), prepare, by_step=True)
