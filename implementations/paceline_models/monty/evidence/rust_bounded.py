"""The matcher in Rust, nodes out of range passed by: the same text as ``numba_bounded``, exact."""

from __future__ import annotations

from paceline_models._rust import monty_evidence_bounded
from paceline_models.monty.evidence._model import matcher, pack
from paceline_models.monty.evidence._rust import grouped

prepare = pack
run = matcher(grouped(monty_evidence_bounded), prepare)
run_steps = matcher(grouped(monty_evidence_bounded), prepare, by_step=True)
