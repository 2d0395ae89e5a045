"""The matcher as its equations stand, its nearest nodes from scipy's KD-tree, exact."""

from __future__ import annotations

from paceline_models.monty.evidence._model import matcher
from paceline_models.monty.evidence._trees import nearest, planted
from paceline_models.monty.evidence.pure_numpy import searching

prepare = planted
run = matcher(searching(nearest), prepare, index="cKDTree")
run_steps = matcher(searching(nearest), prepare, index="cKDTree", by_step=True)
