"""Screening: cheap pairs of every case of a large suite, so that fresh pairs go to what may have changed.

A worker serves many cases in a row, and each is measured for a twentieth of a second. The same rule judges
these pairs. What it calls the same is settled; what it suspects, calls faster, or cannot decide is raced in
fresh processes, which alone can say slower.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from paceline.race.commits import FIRST_PAIRS, NUMBER_SECONDS, PAIRED, Matched
from paceline.race.compared import Verdict
from paceline.race.contenders import Pair, Race
from paceline.race.driver import Effort, Run, Watch
from paceline.race.tally import Tally, Terms

MANY = 100  # paired cases from which on a suite is screened first
CHUNK = 40  # cases that a worker serves
SECONDS = 0.05  # of measuring a side and pair
RACED_SECONDS = 0.25  # the same, of the races that follow
TERMS = Terms(looks=(3, 5, 8), confirms=False)
PREFIX = "screen "
PAIR_SECONDS = 0.25  # about what a cheap pair costs, with its loading and warming
SUSPECTED = ("slower", "faster")
SHARE_RACED = 0.02
SHARE_SCREENED = 0.6  # of a budget, at most: what was found must be raced, or nothing is known of it
FEW_SECONDS = 30.0  # of a budget: not divided
REASON = "screened"


class Quiet(Watch):
    """Hears a screening; only its pairs are handed on."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def pair(self, tally: Tally, pair: Pair) -> None:
        """Hand a pair on."""
        self._watch.pair(tally, pair)

    def done(self, tally: Tally) -> None:
        """Say nothing: the case may have to be raced."""


def cheap(races: Sequence[Race]) -> list[Race]:
    """Return the races as they are screened: many cases share a pair of workers."""
    made = []
    for threads in sorted({race.threads for race in races}):
        alike = [race for race in races if race.threads == threads]
        made += [
            replace(race, name=PREFIX + race.name, crew=f"{PREFIX}{threads} {number // CHUNK}")
            for number, race in enumerate(alike)
        ]
    return made


def begun(records: Iterable[Mapping[str, Any]]) -> bool:
    """Tell whether an earlier part of a run has screened."""
    return any(str(one.get("race", "")).startswith(PREFIX) for one in records)


def effort(whole: Effort, left: float | None = None) -> Effort:
    """Return what a screening may spend of ``left`` seconds: little a pair, and not all of them."""
    share = left if left is None or left < FEW_SECONDS else SHARE_SCREENED * left
    return replace(whole, seconds=min(SECONDS, whole.seconds), batches=False, budget=share)


def effort_after(whole: Effort, left: float | None) -> Effort:
    """Return what the races after a screening may spend: they are many, and most only have to confirm."""
    return replace(whole, seconds=min(RACED_SECONDS, whole.seconds), budget=left)


def settled(run: Run) -> dict[str, Tally]:
    """Return the tallies of the cases that need no race, by the names of their races."""
    found = {}
    for name, tally in run.tallies.items():
        (result,) = tally.results()
        if result.verdict == "same" or result.status not in ("ok", "unmeasured") or tally.gone:
            found[name.removeprefix(PREFIX)] = tally
    return found


def by_need(run: Run, races: Iterable[Race]) -> list[Race]:
    """Return what has to be raced: what is suspected first, then by how much it may have changed.

    What has not been screened to the end is not among them.
    """

    def need(race: Race) -> tuple[bool, float]:
        (result,) = run.tallies[PREFIX + race.name].results()
        found = result.estimate
        return result.verdict not in SUSPECTED, -abs(found.value) if found else 0.0

    done = {name.removeprefix(PREFIX) for name, tally in run.tallies.items() if not tally.active}
    return sorted((race for race in races if race.name in done - settled(run).keys()), key=need)


def hand_on(run: Run, races: Run, new: Iterable[str]) -> None:
    """Let what cheap pairs call slower begin its race as a suspect: fresh pairs have only to confirm it."""
    for name in new:
        tally, screened = races.tallies[name], run.tallies[PREFIX + name]
        for contender in tally.race.contenders:
            found = screened.suspicion(contender.name)
            if found:
                tally.suspect(contender.name, found, found.estimate.pairs)


def told(verdict: Verdict) -> Verdict:
    """Return the verdict of a settled case with the reason why it has so few pairs."""
    return replace(verdict, reason=verdict.reason or REASON)


def estimate(cases: Sequence[Matched], seconds: float) -> str:
    """Return about how long a screening and the races after it take, when little has happened."""
    paired = sum(case.kind in PAIRED for case in cases)
    screen = paired * TERMS.looks[0] * PAIR_SECONDS
    races = math.ceil(SHARE_RACED * paired) * FIRST_PAIRS * (2.5 * seconds + 1.5)
    rest = NUMBER_SECONDS * (len(cases) - paired)
    return (
        f"screened first, then raced where something may have changed:"
        f" about {math.ceil((screen + rest) / 60)} min, and {math.ceil(races / 60)} min"
        f" for every {SHARE_RACED:.0%} that is raced"
    )
