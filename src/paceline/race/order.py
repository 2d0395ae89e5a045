"""What a user has ordered: which races, judged how; the ledger's header keeps it for whoever goes on."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from paceline.outcome import PacelineError
from paceline.race import across
from paceline.race.contenders import Place, Race
from paceline.race.tally import NULL_EVERY, Terms
from paceline.suite.questions import Question
from paceline.suite.settings import fitting
from paceline.suite.variants import is_variation

QUICK, FULL = "quick", "full"
# "slower" needs no fresh pairs here: nobody is alarmed when one implementation is slower than another
TERMS = {QUICK: Terms((4,), confirms=False), FULL: Terms((4, 6, 10, 16), confirms=False)}
SECONDS = {QUICK: 0.15, FULL: 0.5}
START_SECONDS = 1.0  # of the workers of a pair
OVERHEAD = 1.5  # loading, warming and turns, for each second of measuring
CHECK_SECONDS = 0.3


@dataclass(frozen=True)
class Order:
    """An order for races. ``sizes`` are values of ``n``; none means all.

    ``thresholds`` go before ``threshold``, by regular expressions on races' names; ``only`` keeps the races
    whose names such expressions find.
    """

    models: tuple[str, ...] = ()
    across: str = across.IMPLEMENTATION
    baseline: str | None = None
    sizes: tuple[str, ...] = ()
    preset: str = FULL
    threshold: float = 0.025
    thresholds: Mapping[str, float] | None = None
    only: tuple[str, ...] = ()
    machine: str | None = None
    with_project: bool = False  # in environments of requirements

    def races(self, questions: Sequence[Question], place: Place) -> list[Race]:
        """Return the races that are ordered; PacelineError where there are none."""
        return self._kept(
            across.races(questions, place, self.across, self.baseline, self.sizes, self.threshold)
        )

    def between(self, questions: Sequence[Question], places: Mapping[str, Place]) -> list[Race]:
        """Return the races between places, by their names; the first is the baseline where none is named."""
        base = self.baseline_of(list(places))
        return self._kept(across.between(questions, places, base, self.sizes, self.threshold))

    def baseline_of(self, names: Sequence[str]) -> str:
        """Return which of these is the baseline: "2.3" is "numpy 2.3", too; the first where none is named."""
        asked = self.baseline or names[0]
        fitting = [name for name in names if name == asked or name.endswith(f" {asked}")]
        if not fitting:
            raise PacelineError(
                f"nothing that races is called {asked!r}; --baseline one of: {'; '.join(names)}"
            )
        return fitting[0]

    def _kept(self, found: Sequence[Race]) -> list[Race]:
        kept = [one for one in found if not self.only or any(re.search(each, one.name) for each in self.only)]
        if not kept:
            raise PacelineError(
                f"--only, or quick.race in paceline.toml, finds none of {len(found)} races; "
                "name models, or mend its expressions"
            )
        known = self.thresholds or {}
        return [replace(one, threshold=fitting(known, one.name, self.threshold)) for one in kept]

    @property
    def variations(self) -> tuple[str, ...]:
        """What environments differ in, where these race; nothing where a parameter's values do."""
        try:
            words = tuple(shlex.split(self.across))
        except ValueError:
            return ()
        return words if words and all(map(is_variation, words)) else ()

    @property
    def settings(self) -> dict[str, Any]:
        """What the ledger keeps, for JSON."""
        return asdict(self)


def order_of(settings: Mapping[str, Any]) -> Order:
    """Return the order that a ledger keeps; PacelineError for what is none."""
    known = {one.name: settings[one.name] for one in fields(Order) if one.name in settings}
    if known.get("preset") not in TERMS:
        raise PacelineError("this run's ledger does not say how it was judged; start a new run")
    lists = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Order(**{**known, **lists})


def minutes(races: Sequence[Race], preset: str, checked: int) -> tuple[float, float]:
    """Return how many minutes races take at least and at most, about; ``checked`` cases are checked first."""
    crews = len({race.crew for race in races})
    arms = sum(len(race.contenders) + 1 + 1 / NULL_EVERY for race in races)
    pair = START_SECONDS * crews + OVERHEAD * SECONDS[preset] * arms
    looks = TERMS[preset].looks
    least, longest = (CHECK_SECONDS * checked + count * pair for count in (looks[0], looks[-1]))
    return least / 60, longest / 60
