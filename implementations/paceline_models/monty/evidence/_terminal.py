"""When an episode is over: one object in one pose, a symmetry, nothing possible, or out of time."""

from __future__ import annotations

import numpy as np

from paceline_models.monty.evidence._answer import angles, possible_hypotheses
from paceline_models.monty.evidence._checks import Array

NEAR = 0.1  # m: possible locations no farther than this from their mean are one location
TURNED = 0.35  # rad: possible rotations no farther than this from the most likely one are one rotation
OVERLAP = 0.9
STEPS_OF_SYMMETRY = 5


class Terminal:
    """The terminal condition of an episode: what it has seen so far."""

    def __init__(self, part: float, time_out: int) -> None:
        self.part = part
        self.time_out = time_out
        self.before: set[tuple[int, int]] = set()
        self.symmetric_steps = 0
        self.steps = 0

    def after(self, possible: list[int], most_likely: int, loc: Array, rot: Array, evidence: Array) -> str:
        """Return the condition that a step has met, or nothing.

        ``loc`` (H, 3), ``rot`` (H, 9), ``evidence`` (H,) are those of the only possible object, where there
        is only one; ``most_likely`` is the index of its best hypothesis.
        """
        self.steps += 1
        if not possible:
            return "no_match"
        if len(possible) == 1:
            kept = possible_hypotheses(evidence, self.part)
            alike = kept.size > 0 and unique_pose(loc[kept], rot[kept], rot[most_likely])
            if self._symmetric({(possible[0], int(one)) for one in kept}) or alike:
                return "match"
        return "time_out" if self.steps >= self.time_out else ""

    def _symmetric(self, now: set[tuple[int, int]]) -> bool:
        """Count the steps in which the possible hypotheses stayed the same; an empty set says nothing."""
        if now and self.before:
            stayed = len(now & self.before) / len(now) > OVERLAP
            self.symmetric_steps = self.symmetric_steps + 1 if stayed else 0
        self.before = now
        return bool(now) and self.symmetric_steps >= STEPS_OF_SYMMETRY


def unique_pose(loc: Array, rot: Array, most_likely: Array) -> bool:
    """Tell whether locations (P, 3) lie together and rotations (P, 9) agree with the most likely one."""
    apart = np.sqrt(((loc - loc.mean(axis=0)) ** 2).sum(axis=1))
    turned = angles(rot.reshape(-1, 3, 3), most_likely.reshape(3, 3))
    return bool(apart.max() <= NEAR and turned.max() <= TURNED)
