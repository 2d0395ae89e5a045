"""What a run returns, and what follows from the evidence: possible objects, hypotheses, the pose."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from paceline_models.monty.evidence._checks import Array, Index

OBJECT_THRESHOLD = 1.0  # an object below this evidence has no possible hypotheses
SPREAD = 0.1  # objects' best evidence closer together than this: none stands out


@dataclass(frozen=True)
class Evidence:
    """The answer of a run over S observations of O objects.

    ``evidence``: per object (H,) after the last step, or (S, H) where the history was asked for; hypothesis
    ``f * M + j`` holds candidate f of the sensed frame at node j. ``mlh_object``, ``mlh_index`` (S,),
    ``mlh_evidence`` (S,): the most likely hypothesis after every step; ``mlh_rotation`` (S, 3, 3) from sensor
    to model. ``possible``: the possible objects after every step. ``object_best`` (S, O): each object's
    highest evidence. ``checksum`` (O,): the sum of the evidence at the end. ``terminal``: "match", "no_match"
    or "time_out", and empty where the observations came to their end.
    """

    evidence: list[Array]
    mlh_object: Index
    mlh_evidence: Array
    possible: list[list[int]]
    mlh_index: Index
    mlh_rotation: Array
    object_best: Array
    checksum: Array
    terminal: str = ""


def possible_objects(best: Array, part: float) -> list[int]:
    """Return the objects that may be the sensed one, from each object's best evidence (O,)."""
    highest = float(best.max())
    if float(best.std()) > SPREAD or highest < 0.0:
        bound = highest - (part * highest if highest > 0.0 else 0.0)
        return [int(one) for one in np.flatnonzero(best > bound)]
    if best.shape[0] == 1:
        return [0] if highest >= 0.0 else []
    return list(range(best.shape[0]))


def possible_hypotheses(evidence: Array, part: float) -> Index:
    """Return the indices of an object's possible hypotheses, from the evidence of all of them (H,)."""
    best = float(evidence.max())
    if best <= OBJECT_THRESHOLD:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(evidence > best - part * best)


def angles(rotations: Array, rotation: Array) -> Array:
    """Return the geodesic angles [rad] between rotations (..., 3, 3) and one rotation (3, 3)."""
    traces = np.einsum("...ij,ij->...", rotations, rotation)
    turned: Array = np.arccos(np.clip((traces - 1.0) / 2.0, -1.0, 1.0))
    return turned


def rotation_error(answer: Evidence, rotation: Array, step: int = -1) -> float:
    """Return the angle [rad] between the recovered rotation of the sensor path and the true one (3, 3).

    A hypothesis holds the rotation from sensor to model: its transpose turned the path.
    """
    if np.shape(rotation) != (3, 3):
        raise ValueError(f"rotation has shape {np.shape(rotation)}, expected (3, 3)")
    error = float(angles(answer.mlh_rotation[step].T, np.asarray(rotation, dtype=np.float64)))
    return 0.0 if math.isclose(error, 0.0, abs_tol=1e-12) else error
