"""The verdict's rule on simulated races: how often it is wrong, and what it finds.

``python -m paceline.stats.simulation`` prints the table of docs/regressions.md. The arithmetic of
``verdict`` is written here a second time, on arrays with one row a race, because 20,000 races a
figure must take a fraction of a second; a test holds the two equal, race for race.

Noise belongs to processes, not to calls: every pair draws one log time for the baseline's process
and one for the contender's, and every third pair one more for the live A/A arm, which shares the
baseline's process, as it does when it is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from paceline.stats import verdict
from paceline.stats.verdict import Call, Rule

Floats = NDArray[np.float64]
Calls = NDArray[np.str_]
AT_ONCE = 20_000  # races in memory at a time
RUN = 40  # benchmarks of a simulated run: its floor is the median of theirs
FIRST = 4  # pairs of each benchmark whose A/A arms make the floor


@dataclass(frozen=True)
class Noise:
    """What fresh processes of identical code differ by.

    ``spread`` is the SD of a pair's log ratio from normal noise; a share ``slow_share`` of the
    processes is slower by the fraction ``slow_by`` on top.
    """

    name: str
    spread: float
    slow_share: float = 0.0
    slow_by: float = 0.0

    def processes(self, rng: np.random.Generator, *shape: int) -> Floats:
        """Draw the log times of fresh processes."""
        logs = rng.normal(0.0, self.spread / np.sqrt(2), shape)
        if self.slow_share:
            logs += np.log1p(self.slow_by) * (rng.random(shape) < self.slow_share)
        return logs


@dataclass(frozen=True)
class Races:
    """Simulated races, one a row: log ratios of the pairs and A/A arms, to judge and to confirm, and s0.

    The arm in column j belongs to pair 3 j: the first K pairs have the first ``nulls_needed(K)``.
    """

    pairs: Floats
    nulls: Floats
    fresh_pairs: Floats
    fresh_nulls: Floats
    floors: Floats


@dataclass(frozen=True)
class Outcomes:
    """What became of each race: whether it was a suspect, its final call, the pairs it took in all."""

    suspect: NDArray[np.bool_]
    calls: Calls
    pairs: NDArray[np.int_]


@dataclass(frozen=True)
class Rates:
    """Shares of simulated races, and their mean number of pairs, confirming ones included."""

    races: int
    suspect: float
    confirmed: float
    faster: float
    same: float
    inconclusive: float
    pairs: float


@dataclass(frozen=True)
class Row:
    """A row of the table: a noise, a threshold, and the slow-downs to find, as fractions."""

    noise: Noise
    threshold: float = verdict.THRESHOLD
    effects: tuple[float, ...] = (0.03, 0.05)


def draw(
    noise: Noise, effect: float, races: int, rng: np.random.Generator, floor: float | None, longest: int
) -> Races:
    """Draw races of up to ``longest`` pairs whose contender is slower by the fraction ``effect``.

    No floor given: each race is one of a run of 40 benchmarks of the same noise.
    """
    first = _draw_pairs(noise, effect, races, rng, longest)
    fresh = _draw_pairs(noise, effect, races, rng, verdict.confirming_pairs(longest))
    floors = _run_floors(noise, races, rng) if floor is None else np.full(races, floor)
    return Races(*first, *fresh, floors)


def outcomes(races: Races, rule: Rule) -> Outcomes:
    """Judge every race at every look, then confirm the suspects; the rule's own floor is not used."""
    calls = np.full(len(races.pairs), Call.MORE.value, dtype="U12")
    used = np.zeros(len(calls), dtype=np.int_)
    for count in rule.looks:
        open_ = np.flatnonzero(calls == Call.MORE)
        calls[open_] = _judged(races, open_, count, rule)
        used[open_] = count
    suspect = calls == Call.SUSPECT
    for count in rule.looks:
        asked = np.flatnonzero(suspect & (used == count))
        fresh = verdict.confirming_pairs(count)
        calls[asked] = _confirmed(races, asked, fresh, rule)
    extra = np.maximum(used, verdict.confirming_pairs(0))
    return Outcomes(suspect, calls, used + suspect * extra)


def simulate(
    noise: Noise, effect: float, races: int, seed: int, rule: Rule | None = None, floor: float | None = None
) -> Rates:
    """Return what the rule says of so many races; see ``draw`` for the floor."""
    rule = rule or Rule()
    rng = np.random.default_rng(seed)
    found = []
    for start in range(0, races, AT_ONCE):
        drawn = draw(noise, effect, min(AT_ONCE, races - start), rng, floor, rule.looks[-1])
        found.append(outcomes(drawn, rule))
    calls = np.concatenate([part.calls for part in found])

    def share(call: Call) -> float:
        return float(np.mean(calls == call))

    return Rates(
        races,
        float(np.mean(np.concatenate([part.suspect for part in found]))),
        share(Call.SLOWER),
        share(Call.FASTER),
        share(Call.SAME),
        share(Call.INCONCLUSIVE),
        float(np.mean(np.concatenate([part.pairs for part in found]))),
    )


def _draw_pairs(
    noise: Noise, effect: float, races: int, rng: np.random.Generator, count: int
) -> tuple[Floats, Floats]:
    baseline = noise.processes(rng, races, count)
    contender = noise.processes(rng, races, count) + np.log1p(effect)
    again = noise.processes(rng, races, verdict.nulls_needed(count))
    return contender - baseline, again - baseline[:, ::3]


def _run_floors(noise: Noise, races: int, rng: np.random.Generator) -> Floats:
    """Return what ``verdict.noise_floor`` says of the A/A arms of as many runs."""
    arms = verdict.nulls_needed(FIRST)
    nulls = noise.processes(rng, races, RUN, arms) - noise.processes(rng, races, RUN, arms)
    floors: Floats = np.median(np.sqrt(np.mean(nulls**2, axis=2)), axis=1)
    return np.maximum(verdict.LEAST_FLOOR, floors)


def _estimates(pairs: Floats, nulls: Floats, floors: Floats) -> tuple[Floats, Floats, int]:
    """Return value, error and degrees of freedom of each row: ``verdict.estimate`` on arrays."""
    count = pairs.shape[1]
    freedom = verdict.PRIOR + (count - 1) + nulls.shape[1]
    squares = np.sum((pairs - pairs.mean(axis=1, keepdims=True)) ** 2, axis=1) + np.sum(nulls**2, axis=1)
    spread = np.sqrt((verdict.PRIOR * floors**2 + squares) / freedom)
    return np.median(pairs, axis=1), verdict.ERROR_OF_MEDIAN * spread / np.sqrt(count), freedom


def _judged(races: Races, rows: NDArray[np.intp], count: int, rule: Rule) -> Calls:
    arms = verdict.nulls_needed(count)
    value, error, freedom = _estimates(
        races.pairs[rows, :count], races.nulls[rows, :arms], races.floors[rows]
    )
    half = verdict.quantile(freedom, 1 - verdict.ALPHA / len(rule.looks)) * error
    inner = verdict.quantile(freedom, verdict.SAME_LEVEL) * error
    conditions = {
        Call.SUSPECT: (value > rule.cut) & (value - half > rule.margin),
        Call.FASTER: (value < -rule.cut) & (value + half < -rule.margin),
        Call.SAME: np.abs(value) + inner < rule.cut,
    }
    otherwise = Call.INCONCLUSIVE if count == rule.looks[-1] else Call.MORE
    return np.select(list(conditions.values()), [str(call) for call in conditions], str(otherwise))


def _confirmed(races: Races, rows: NDArray[np.intp], count: int, rule: Rule) -> Calls:
    arms = verdict.nulls_needed(count)
    value, error, freedom = _estimates(
        races.fresh_pairs[rows, :count], races.fresh_nulls[rows, :arms], races.floors[rows]
    )
    half = verdict.quantile(freedom, 1 - verdict.ALPHA) * error
    slower = (value > rule.cut / 2) & (value - half > rule.margin)
    return np.where(slower, str(Call.SLOWER), str(Call.INCONCLUSIVE))
