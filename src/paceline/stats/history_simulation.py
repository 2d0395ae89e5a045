"""Simulated histories: how often a change is nominated that is none, and how late a true one.

``python -m paceline.stats.history_simulation`` prints the table of docs/alerts.md. After every commit the
whole series is looked at again, as it is in use; what was nominated once is not counted again. A fleet is
three processor models, one of them for each commit, with levels 4 % apart; there each commit is raced
against its parent, too, by the rule of docs/regressions.md.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from paceline.stats import simulation
from paceline.stats.binomial import upper
from paceline.stats.changepoints import APART, LEAST, creep, nominate
from paceline.stats.fleet import aligned
from paceline.stats.noise import Floats, Noise

LENGTH = 120  # commits of a simulated history
AFTER = 80  # where a step comes
MODELS = {"a": 0.0, "b": 0.04, "c": -0.04}
NEVER = -1
MEDIAN_OF_FOUR = 0.5461  # the SD of the median of four normal numbers


@dataclass(frozen=True)
class Rates:
    """What was nominated in histories without a change, and when a step was, in commits after it."""

    commits: int
    false: int
    delays: tuple[int, ...]  # NEVER where it was not found
    misplaced: int  # found, but more than two commits beside it

    @property
    def per_thousand(self) -> float:
        """False nominations per 1,000 commits."""
        return 1000 * self.false / self.commits

    @property
    def bound(self) -> float:
        """The 95 % upper bound of that."""
        return 1000 * upper(self.false, self.commits)

    @property
    def found(self) -> float:
        """The share of steps that were found."""
        return sum(delay != NEVER for delay in self.delays) / max(1, len(self.delays))


def simulate(noise: Noise, histories: int, seed: int, step: float = 0.05, fleet: bool = False) -> Rates:
    """Simulate so many histories without a change, and as many with one step."""
    rng = np.random.default_rng(seed)
    false, delays, misplaced = 0, [], 0
    for _ in range(histories):
        names = rng.choice(list(MODELS), LENGTH).tolist()
        quiet, changed = _drawn(noise, rng), _drawn(noise, rng)
        changed[AFTER:] += math.log1p(step)
        if fleet:
            offsets = np.asarray([MODELS[name] for name in names])
            quiet, changed = quiet + offsets, changed + offsets
        false += len(_nominated(quiet, names if fleet else None, 2 * LEAST))
        seen = _nominated(changed, names if fleet else None, AFTER)
        near = [when - AFTER - 1 for index, when in seen if abs(index - AFTER) <= APART]
        misplaced += len(seen) - len(near)
        delays.append(min(near, default=NEVER))
    return Rates(histories * LENGTH, false, tuple(delays), misplaced)


def creeps(
    noise: Noise, histories: int, seed: int, steps: int = 5, height: float = 0.01
) -> tuple[int, float]:
    """Return false creeps in histories without a change, and the share of slow creeps that were found."""
    rng = np.random.default_rng(seed)
    false = found = 0
    for _ in range(histories):
        quiet, creeping = _drawn(noise, rng), _drawn(noise, rng)
        for number in range(steps):
            creeping[30 + 12 * number :] += math.log1p(height)
        false += any(creep(quiet[:when].tolist()) for when in range(2 * LEAST, LENGTH + 1))
        found += creep(creeping.tolist())
    return false, found / histories


def _drawn(noise: Noise, rng: np.random.Generator) -> Floats:
    """Draw the log ratios of a history's races, medians of four pairs whose SD is the one named."""
    pairs = noise.processes(rng, LENGTH, 4) - noise.processes(rng, LENGTH, 4)
    drawn: Floats = np.median(pairs, axis=1) / MEDIAN_OF_FOUR
    return drawn


def _nominated(x: Floats, models: Sequence[str] | None, start: int) -> list[tuple[int, int]]:
    """Return (index, number of commits known then) of each nomination, looking after every commit."""
    seen: list[tuple[int, int]] = []
    for when in range(start, len(x) + 1):
        known = x[:when] if models is None else np.asarray(aligned(x[:when].tolist(), models[:when]))
        places = np.flatnonzero(np.isfinite(known))
        for change in nominate(known[places].tolist()):
            index = int(places[change.index])
            if all(abs(index - other) > LEAST for other, _ in seen):
                seen.append((index, when))
    return seen


def table(histories: int, seed: int) -> Iterator[str]:
    """Yield the lines of the table in Markdown."""
    yield (
        "| noise of a commit's ratio | commits without a change | false nominations per 1,000 (95 % bound) "
        "| 5 % step found | delay, median / 95 % / most | beside the step | false creeps "
        "| five times 1 % found |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    rows = [(noise, False) for noise in (simulation.QUIET, simulation.USUAL, simulation.LOUD)]
    for noise, fleet in [*rows, (simulation.USUAL_ODD, False), (simulation.USUAL, True)]:
        rates = simulate(noise, histories, seed, fleet=fleet)
        name = f"{noise.name}, three processor models" if fleet else noise.name
        slow = creeps(noise, histories, seed)
        yield _line(name, rates, slow)
    raced = simulation.simulate(simulation.USUAL, 0.05, 20_000, seed)
    yield ""
    yield f"Raced against its parent, SD 1 %, a 5 % step is confirmed at once in {raced.confirmed:.2%}."


def _line(name: str, rates: Rates, slow: tuple[int, float]) -> str:
    delays = sorted(delay for delay in rates.delays if delay != NEVER) or [0]
    late = delays[min(len(delays) - 1, math.ceil(0.95 * len(delays)) - 1)]
    cells = (
        name,
        f"{rates.commits:,}",
        f"{rates.per_thousand:.3g} ({rates.bound:.2g})",
        f"{rates.found:.1%}",
        f"{delays[len(delays) // 2]} / {late} / {delays[-1]}",
        str(rates.misplaced),
        str(slow[0]),
        f"{slow[1]:.1%}",
    )
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table of simulated histories."""
    parser = argparse.ArgumentParser(
        prog="python -m paceline.stats.history_simulation", description=main.__doc__
    )
    parser.add_argument("--histories", type=int, default=1000, help="histories a row, of 120 commits")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for line in table(options.histories, options.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()
