"""The harness measured with itself: identical code against itself, and slow-downs that are known.

A trial is one race: a baseline, the same code again, and arms that do 3 % and 5 % more of it (1 %, too,
where compute-bound code is judged at a threshold of 0.5 %). Trials take the kinds of code in turn. What a
report says comes from the ledger alone, so that a self-test can go on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, pstdev
from typing import Any

from paceline.race.contenders import Contender, Place, Race
from paceline.stats.binomial import lower, upper

SUITE = Path(__file__).with_name("kernels")
AGAIN = "again"
SLOWDOWNS = {AGAIN: "'again'", "+1 %": "10", "+3 %": "30", "+5 %": "50"}
TEXTS = ("0", "'again'", "10", "30", "50")
FEWEST_TIMED = 10  # trials whose median time is held to a bar
FEWEST_TRIALS = 100  # below, a rate is only called missed when chance does not explain it


@dataclass(frozen=True)
class Kind:
    """A kind of code, the threshold that it is judged at, and the arms of its trials."""

    name: str
    klass: str
    threshold: float
    arms: tuple[str, ...]


KINDS = (
    Kind("compute-bound", "Compute", 0.025, (AGAIN, "+3 %", "+5 %")),
    Kind("memory-bound", "Memory", 0.025, (AGAIN, "+3 %", "+5 %")),
    Kind("allocation-heavy", "Allocation", 0.025, (AGAIN, "+3 %", "+5 %")),
    Kind("compute-bound, threshold 0.5 %", "Compute", 0.005, (AGAIN, "+1 %", "+3 %", "+5 %")),
)


@dataclass(frozen=True)
class Rate:
    """How many verdicts of an arm were "slower", with exact one-sided 95 % bounds."""

    found: int
    trials: int

    @property
    def lower95(self) -> float:
        """The rate is above this."""
        return lower(self.found, self.trials) if self.trials else 0.0

    @property
    def upper95(self) -> float:
        """The rate is below this."""
        return upper(self.found, self.trials) if self.trials else 1.0

    def misses(self, bar: float) -> bool:
        """Tell whether a rate that should be at least ``bar`` is not: by far, or after enough trials."""
        if not self.trials:
            return False
        return self.upper95 < bar or (self.trials >= FEWEST_TRIALS and self.found / self.trials < bar)


@dataclass(frozen=True)
class Row:
    """What the trials of one kind say: rates by arm, the SD of the A/A ratio, seconds a verdict."""

    kind: Kind
    trials: int
    rates: Mapping[str, Rate]
    faster: Rate  # identical code called faster
    suspected: Rate  # identical code suspected, confirmed or not
    spread: float | None  # SD of the ratios of identical code, as a fraction
    off: float | None  # their median, which should be no change
    quiet_seconds: float | None  # median seconds of a verdict when nothing happened
    flagged_seconds: float | None  # of one that a slow-down of 5 % is confirmed by


@dataclass
class _Trial:
    kind: Kind
    seconds: dict[str, float] = field(default_factory=dict)
    verdicts: dict[str, Mapping[str, Any]] = field(default_factory=dict)


def trials(numbers: Iterable[int], python: str) -> list[Race]:
    """Return the races of the trials of these numbers; the kinds take turns."""
    place = Place("selftest", python, SUITE)
    return [_race(number, KINDS[number % len(KINDS)], place) for number in numbers]


def finished(records: Iterable[Mapping[str, Any]]) -> set[int]:
    """Return the numbers of the trials that have ended."""
    return {_number(str(record["race"])) for record in records if _whole(record)}


def rows(records: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Return what a ledger's finished trials say, a row a kind."""
    found = {str(r["race"]): _trial(r) for r in records if _whole(r)}
    for record in records:
        if record.get("kind") == "pair" and str(record["race"]) in found:
            _add_seconds(found[str(record["race"])], record)
    return [_row(kind, [one for one in found.values() if one.kind is kind]) for kind in KINDS]


def total(rows_: Sequence[Row], arm: str) -> Rate:
    """Return an arm's rate over all kinds that have it."""
    rates = [row.rates[arm] for row in rows_ if arm in row.rates]
    return Rate(sum(rate.found for rate in rates), sum(rate.trials for rate in rates))


def missed(rows_: Sequence[Row]) -> list[str]:
    """Return the bars that these trials miss, in words."""
    told = []
    alarms = total(rows_, AGAIN)
    if alarms.found:
        told.append(f"{alarms.found} of {alarms.trials} comparisons of identical code were called slower")
    for arm, bar in (("+5 %", 0.99), ("+3 %", 0.9), ("+1 %", 0.9)):
        rate = total(rows_, arm)
        if rate.misses(bar):
            told.append(f"{arm} was found {rate.found} times in {rate.trials}; it should be {bar:.0%}")
    for row in rows_:
        bar = 0.001 if row.kind.klass == "Compute" else 0.005
        if row.trials >= FEWEST_TRIALS // 2 and row.spread is not None and row.spread > bar:
            told.append(
                f"{row.kind.name}: the ratio's SD is {row.spread:.2%}; it should be {bar:.1%} at most"
            )
        for what, seconds, most in (
            ("when nothing happened", row.quiet_seconds, 15.0),
            ("of 5 %", row.flagged_seconds, 40.0),
        ):
            if row.trials >= FEWEST_TIMED and seconds is not None and seconds > most:
                told.append(f"{row.kind.name}: a verdict {what} took {seconds:.0f} s; {most:.0f} s at most")
    return told


def _race(number: int, kind: Kind, place: Place) -> Race:
    def contender(name: str, text: str) -> Contender:
        index = TEXTS.index(text)
        return Contender(name, place, f"{kind.klass.lower()}.{kind.klass}.time_run", index, (text,))

    return Race(
        name=f"trial {number}",
        model=kind.name,
        crew=f"trial {number}",
        axes={},
        baseline=contender("baseline", "0"),
        contenders=tuple(contender(arm, SLOWDOWNS[arm]) for arm in kind.arms),
        threshold=kind.threshold,
    )


def _whole(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is of a trial that came to its verdicts, and was not cut short."""
    told = record.get("contenders", ()) if record.get("kind") == "race" else ()
    return bool(told) and all(one["status"] != "unmeasured" for one in told)


def _number(race: str) -> int:
    return int(race.rpartition(" ")[2])


def _trial(record: Mapping[str, Any]) -> _Trial:
    verdicts = {str(one["name"]): one for one in record["contenders"]}
    return _Trial(KINDS[_number(str(record["race"])) % len(KINDS)], verdicts=verdicts)


def _add_seconds(trial: _Trial, pair: Mapping[str, Any]) -> None:
    """Add to every arm what the pair would have cost with this arm alone beside the baseline."""
    null = 1 if pair["null"] else 0
    members = len(pair["sides"]) + null
    for name in pair["sides"]:
        share = pair["seconds"] * (2 + null) / members
        trial.seconds[name] = trial.seconds.get(name, 0.0) + share


def _row(kind: Kind, found: Sequence[_Trial]) -> Row:
    def rate(arm: str, word: str) -> Rate:
        verdicts = [one.verdicts[arm] for one in found if one.verdicts[arm]["status"] == "ok"]
        return Rate(sum(verdict["verdict"] == word for verdict in verdicts), len(verdicts))

    again = [one.verdicts[AGAIN] for one in found if one.verdicts[AGAIN]["ratio"] is not None]
    suspected = sum(verdict["suspected"] is not None for verdict in again)
    ratios = [float(verdict["ratio"]) for verdict in again]
    quiet = [one.seconds.get(AGAIN) for one in found if one.verdicts[AGAIN]["verdict"] == "same"]
    flagged = [one.seconds.get("+5 %") for one in found if one.verdicts["+5 %"]["verdict"] == "slower"]
    return Row(
        kind=kind,
        trials=len(found),
        rates={arm: rate(arm, "slower") for arm in kind.arms},
        faster=rate(AGAIN, "faster"),
        suspected=Rate(suspected, len(again)),
        spread=pstdev(ratios) if len(ratios) > 1 else None,
        off=median(ratios) - 1 if ratios else None,
        quiet_seconds=_middle(quiet),
        flagged_seconds=_middle(flagged),
    )


def _middle(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
