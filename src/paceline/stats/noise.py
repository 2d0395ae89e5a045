"""Simulated races: what fresh processes of identical code differ by, drawn from a seed.

Noise belongs to processes, not to calls: every pair draws one log time for the baseline's process
and one for the contender's, and every third pair one more for the live A/A arm, which shares the
baseline's process, as it does when it is measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paceline.stats import verdict

Floats = NDArray[np.float64]
RUN = 40  # benchmarks of a simulated run: its floor is the median of theirs
FIRST = 4  # pairs of each benchmark whose A/A arms make the floor


@dataclass(frozen=True)
class Noise:
    """What fresh processes of identical code differ by.

    ``spread`` is the SD of a pair's log ratio from normal noise; a share ``slow_share`` of the
    processes is slower by the fraction ``slow_by`` on top, or, ``either_way``, half of them as much faster.
    """

    name: str
    spread: float
    slow_share: float = 0.0
    slow_by: float = 0.0
    either_way: bool = False

    def processes(self, rng: np.random.Generator, *shape: int) -> Floats:
        """Draw the log times of fresh processes: a pair differs by two of them."""
        logs = rng.normal(0.0, self.spread / np.sqrt(2), shape)
        if self.slow_share:
            slow = np.log1p(self.slow_by) * (rng.random(shape) < self.slow_share)
            logs += np.where(rng.random(shape) < 0.5, slow, -slow) if self.either_way else slow
        return logs


@dataclass(frozen=True)
class Races:
    """Simulated races, one a row: log ratios of pairs and A/A arms, to judge and to confirm, and s0.

    The arm in column j belongs to pair 3 j: the first K pairs have the first ``nulls_needed(K)``.
    """

    pairs: Floats
    nulls: Floats
    fresh_pairs: Floats
    fresh_nulls: Floats
    floors: Floats


def draw(
    noise: Noise, effect: float, races: int, longest: int, rng: np.random.Generator, floor: float | None
) -> Races:
    """Draw races of up to ``longest`` pairs whose contender is slower by the fraction ``effect``.

    No floor given: each race is one of a run of 40 benchmarks of the same noise, and has its floor.
    """
    first = _pairs(noise, effect, races, longest, rng)
    fresh = _pairs(noise, effect, races, max(verdict.LEAST_CONFIRMING, longest), rng)
    floors = run_floors(noise, races, rng) if floor is None else np.full(races, floor)
    return Races(*first, *fresh, floors)


def run_floors(noise: Noise, runs: int, rng: np.random.Generator) -> Floats:
    """Return what ``verdict.noise_floor`` says of so many runs of 40 benchmarks with four pairs each."""
    arms = verdict.nulls_needed(FIRST)
    nulls = noise.processes(rng, runs, RUN, arms) - noise.processes(rng, runs, RUN, arms)
    floors: Floats = np.median(np.sqrt(np.mean(nulls**2, axis=2)), axis=1)
    return np.maximum(verdict.LEAST_FLOOR, floors)


def _pairs(
    noise: Noise, effect: float, races: int, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    baseline = noise.processes(rng, races, count)
    contender = noise.processes(rng, races, count) + np.log1p(effect)
    again = noise.processes(rng, races, verdict.nulls_needed(count))
    return contender - baseline, again - baseline[:, ::3]
