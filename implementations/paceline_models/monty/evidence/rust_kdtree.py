"""The matcher in Rust with a balanced KD-tree, nodes out of range passed by, exact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from paceline_models._rust import monty_evidence_kdtree, monty_evidence_tree
from paceline_models.monty.evidence._model import Prepared, matcher, pack
from paceline_models.monty.evidence._rust import grouped


def prepare(objects: Any) -> Prepared:
    """Return the objects side by side with a tree over each.

    The index is (order (N,), axis (N,), positions (N, 3)): the nodes in the order of the trees, the axis that
    the middle node of a range splits it by, and their positions in that order.
    """
    prepared = pack(objects)
    order = np.empty(prepared.pos.shape[0], dtype=np.int64)
    axis = np.zeros_like(order)
    monty_evidence_tree(prepared.pos, prepared.starts, order, axis)
    return replace(prepared, made_by="kdtree", index=(order, axis, prepared.pos[order]))


run = matcher(grouped(monty_evidence_kdtree, indexed=True), prepare, index="kdtree")
run_steps = matcher(grouped(monty_evidence_kdtree, indexed=True), prepare, index="kdtree", by_step=True)
