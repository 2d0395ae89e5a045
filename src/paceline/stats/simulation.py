"""The verdict's rule on simulated races: how often it is wrong, and what it finds.

``python -m paceline.stats.simulation`` prints the table of docs/regressions.md. The arithmetic of
``verdict`` is written here a second time, on arrays with one row a race, because 20,000 races must
take a fraction of a second; a test holds the two equal, race for race.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paceline.stats import verdict
from paceline.stats.binomial import upper
from paceline.stats.noise import Floats, Noise, Races, draw
from paceline.stats.verdict import Call, Rule

Calls = NDArray[np.str_]
AT_ONCE = 20_000  # races in memory at a time
IDENTICAL = 15  # times as many races of identical code: what is rare needs more of them

QUIET = Noise("normal, SD 0.4 %", 0.004)
USUAL = Noise("normal, SD 1 %", 0.01)
LOUD = Noise("normal, SD 2 %", 0.02)
BIMODAL = Noise("SD 0.4 %, and +4 % in 20 % of the processes", 0.004, slow_share=0.2, slow_by=0.04)
FINE = Noise("normal, SD 0.1 %", 0.001)
QUIET_ODD = Noise("SD 0.4 %, and 1.5 % of the processes 1.93 times as fast or slow", 0.004, 0.015, 0.93, True)
USUAL_ODD = Noise("SD 1 %, and 1.5 % of the processes 1.93 times as fast or slow", 0.01, 0.015, 0.93, True)
QUIET_STARVED = Noise("SD 0.4 %, and +16 % in 1.5 % of the processes", 0.004, 0.015, 0.16)
USUAL_STARVED = Noise("SD 1 %, and +16 % in 1.5 % of the processes", 0.01, 0.015, 0.16)
ODD = (QUIET_ODD, USUAL_ODD, QUIET_STARVED, USUAL_STARVED)


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


ROWS = (
    *(Row(noise) for noise in (QUIET, USUAL, LOUD, BIMODAL)),
    Row(FINE, 0.005, (0.01,)),
    *(Row(noise) for noise in ODD),
)


def outcomes(races: Races, rule: Rule) -> Outcomes:
    """Judge every race at every look, then confirm the suspects; the floors are those of the races."""
    calls = np.full(len(races.pairs), str(Call.MORE), dtype="U12")
    looked = np.zeros(len(calls), dtype=np.int_)
    for count in rule.looks:
        rows = np.flatnonzero(calls == Call.MORE)
        calls[rows] = _judged(races, rows, count, rule)
        looked[rows] = count
    suspect, fresh = calls == Call.SUSPECT, np.zeros_like(looked)
    for found_with in rule.looks:
        rows = np.flatnonzero(suspect & (looked == found_with))
        looks = verdict.confirming_looks(found_with, rule)
        for count in looks:
            calls[rows] = _confirmed(races, rows, count, rule, looks)
            fresh[rows] = count
            rows = rows[calls[rows] == Call.MORE]
    return Outcomes(suspect, calls, looked + fresh)


def simulate(
    noise: Noise, effect: float, races: int, seed: int, rule: Rule | None = None, floor: float | None = None
) -> Rates:
    """Return what the rule says of so many races; without a floor each has that of a run of 40 benchmarks."""
    rule, rng = rule or Rule(), np.random.default_rng(seed)
    found = [
        outcomes(draw(noise, effect, min(AT_ONCE, races - start), rule.looks[-1], rng, floor), rule)
        for start in range(0, races, AT_ONCE)
    ]
    calls = np.concatenate([part.calls for part in found])
    suspect = np.concatenate([part.suspect for part in found])
    pairs = np.concatenate([part.pairs for part in found])
    slower, faster, same, inconclusive = (
        float(np.mean(calls == call)) for call in (Call.SLOWER, Call.FASTER, Call.SAME, Call.INCONCLUSIVE)
    )
    return Rates(races, float(np.mean(suspect)), slower, faster, same, inconclusive, float(np.mean(pairs)))


def _estimates(pairs: Floats, nulls: Floats, floors: Floats) -> tuple[Floats, Floats, int]:
    """Return value, error and degrees of freedom of each row: ``verdict.estimate`` on arrays."""
    count = pairs.shape[1]
    freedom = verdict.PRIOR + (count - 1) + nulls.shape[1]
    value = np.median(pairs, axis=1)
    spread = np.sqrt((verdict.PRIOR * floors**2 + _squares(pairs, nulls, value, floors)) / freedom)
    return value, verdict.ERROR_OF_MEDIAN * spread / np.sqrt(count), freedom


def _squares(pairs: Floats, nulls: Floats, value: Floats, floors: Floats) -> Floats:
    off, arms = np.abs(pairs - value[:, None]), np.abs(nulls)
    scale = verdict.SD_OF_MEDIAN * np.median(np.concatenate([off, arms], axis=1), axis=1)
    fence = np.maximum(verdict.LEAST_FENCE, verdict.FENCE * np.maximum(floors, scale))[:, None]
    about_mean = np.sum((pairs - pairs.mean(axis=1, keepdims=True)) ** 2, axis=1)
    about_median = np.sum(np.minimum(off, fence) ** 2, axis=1)
    squares: Floats = np.minimum(about_mean, about_median) + np.sum(np.minimum(arms, fence) ** 2, axis=1)
    return squares


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


def _confirmed(races: Races, rows: NDArray[np.intp], count: int, rule: Rule, looks: Sequence[int]) -> Calls:
    arms = verdict.nulls_needed(count)
    value, error, freedom = _estimates(
        races.fresh_pairs[rows, :count], races.fresh_nulls[rows, :arms], races.floors[rows]
    )
    half = verdict.quantile(freedom, 1 - verdict.ALPHA / len(looks)) * error
    slower = (value > rule.cut / 2) & (value - half > rule.margin)
    otherwise = Call.INCONCLUSIVE if count == looks[-1] else Call.MORE
    return np.where(slower, str(Call.SLOWER), str(otherwise))


def table(races: int, seed: int) -> Iterator[str]:
    """Yield the lines of the table in Markdown: each noise with the floor of a run, and with 0.5 %."""
    yield (
        "| noise between pairs of identical code | threshold | floor | suspect | confirmed slower "
        "| faster | inconclusive | pairs | slow-downs confirmed |"
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for floor in (None, verdict.FLOOR):
        for row in ROWS:
            yield _line(row, floor, races, seed)


def _line(row: Row, floor: float | None, races: int, seed: int) -> str:
    rule = Rule(threshold=row.threshold)
    null = simulate(row.noise, 0.0, IDENTICAL * races, seed, rule, floor)
    found = ", ".join(
        f"{_percent(effect)}: {_percent(simulate(row.noise, effect, races, seed, rule, floor).confirmed)}"
        for effect in row.effects
    )
    alarms = round(null.confirmed * null.races)
    cells = (
        row.noise.name,
        _percent(row.threshold),
        "of the run" if floor is None else _percent(floor),
        _percent(null.suspect),
        f"{alarms:,} of {null.races:,} (below {100 * upper(alarms, null.races):.2g} %)",
        _percent(null.faster),
        _percent(null.inconclusive),
        f"{null.pairs:.2f}",
        found,
    )
    return f"| {' | '.join(cells)} |"


def _percent(share: float) -> str:
    return f"{100 * share:.4g} %"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of simulated rates."""
    parser = argparse.ArgumentParser(prog="python -m paceline.stats.simulation", description=main.__doc__)
    parser.add_argument("--races", type=int, default=20_000, help="races a figure; 15x for identical code")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for line in table(options.races, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
