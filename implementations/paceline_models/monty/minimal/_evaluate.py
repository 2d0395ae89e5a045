"""Epochs of matching for implementations that match from Python: one query, or a block of them, at a time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from paceline_models.monty.minimal import MAX_STEPS
from paceline_models.monty.minimal._checks import Points

Some = NDArray[np.floating]


def evaluate(
    similarities: Callable[[Points], Some],
    queries: Points,
    epochs: int,
    theta: float,
    evidence: Points,
    batch: int = 1,
) -> tuple[float, int]:
    """Match for all epochs; return the confidence at the end of the last, and the steps of all.

    ``similarities`` takes up to ``batch`` queries (B, 4) and returns theirs (B,).
    """
    asked = queries[:MAX_STEPS]
    confidence, steps = 0.0, 0
    for _ in range(epochs):
        evidence.fill(np.nan)
        confidence = 0.0
        for start in range(0, len(asked), batch):
            found = similarities(asked[start : start + batch])
            for i, similarity in enumerate(found.tolist(), start):
                evidence[i] = similarity
                confidence = (confidence + similarity) / 2.0
                steps += 1
                if confidence >= theta:
                    break
            if confidence >= theta:
                break
    return confidence, steps
