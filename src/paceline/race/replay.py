"""What the ledger holds of one run, race by race: the pairs, what each was for, and what came of them.

The records are data of whoever wrote the file: what is no pair is left out, and counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from paceline.race.contenders import Absence, Contender, Pair, Place, Race, Side
from paceline.race.order import TERMS
from paceline.race.record import pair_of, result_record
from paceline.race.tally import Tally, Terms

LOOK, CONFIRM = "look", "confirm"
_NOWHERE = Place("", "", Path())
_WHOLE = ("ratio", "low", "high", "seconds", "baseline_seconds", "detectable", "suspected", "spread")


@dataclass(frozen=True)
class Played:
    """A pair as it was played: ``phases`` tells for each contender whether it was a look or confirmed."""

    number: int
    pair: Pair
    phases: Mapping[str, str]


@dataclass(frozen=True)
class Replayed:
    """One race of a run: ``results`` as the ledger keeps them, by contender; ``damaged`` pairs left out."""

    race: Race
    pairs: tuple[Played, ...]
    results: Mapping[str, Mapping[str, Any]]
    floor: float
    sides: Mapping[str, Mapping[str, Any]]
    whole: bool
    damaged: int = 0


def header(records: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the record that says what the run is about; an empty one where there is none."""
    return next((record for record in records if record.get("kind") == "run"), {})


def mapping(value: object) -> Mapping[str, Any]:
    """Return a mapping from JSON, or an empty one for what is none."""
    return value if isinstance(value, dict) else {}


def number(value: object) -> float | None:
    """Return a finite number from JSON; None for what is none."""
    sound = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    return float(value) if sound else None  # type: ignore[arg-type]


def terms(head: Mapping[str, Any]) -> Terms:
    """Return how a run has judged, from its header."""
    settings = mapping(head.get("settings"))
    usual = TERMS.get(str(settings.get("preset"))) if head.get("what") == "race" else None
    usual = usual or Terms(confirms=head.get("what") != "race")
    looks = settings.get("looks")
    sound = isinstance(looks, list) and looks and all(isinstance(one, int) and one > 1 for one in looks)
    return Terms(tuple(sorted(set(looks))), usual.confirms) if sound else usual  # type: ignore[arg-type]


def names(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the races of a run, in the order in which they began."""
    kinds = ("pair", "race")
    return list(dict.fromkeys(str(one.get("race")) for one in records if one.get("kind") in kinds))


def replay(records: Sequence[Mapping[str, Any]], name: str) -> Replayed:
    """Return one race of a run: its pairs are judged again, in their order, to see what each was for."""
    head = header(records)
    own = [record for record in records if str(record.get("race")) == name]
    ended: Mapping[str, Any] = next((one for one in reversed(own) if one.get("kind") == "race"), {})
    asked = [record for record in own if record.get("kind") == "pair"]
    read = [(record, pair) for record in asked if (pair := _pair(record))]
    race = _race(name, head, ended, [pair for _, pair in read])
    tally = Tally(race, terms(head))
    played: list[Played] = []
    for record, pair in read:
        phases = {one.name: tally.phase(one.name) for one in race.contenders if one.name in pair.sides}
        try:
            tally.add(pair, number(record.get("floor")) or 0.005)
        except (ValueError, AssertionError):
            continue
        played.append(Played(len(played) + 1, pair, phases))
    found = {one.name: result_record(one) for one in tally.results()}
    told = {str(mapping(one).get("name")): _result(mapping(one)) for one in _list(ended.get("contenders"))}
    sides = next((mapping(one.get("sides")) for one in reversed(own) if one.get("kind") == "sides"), {})
    return Replayed(
        race=race,
        pairs=tuple(played),
        results={one.name: told.get(one.name, found[one.name]) for one in race.contenders},
        floor=number(ended.get("floor")) or number(asked[-1].get("floor") if asked else None) or 0.0,
        sides={name: mapping(side) for name, side in (sides or mapping(head.get("sides"))).items()},
        whole=bool(ended),
        damaged=len(asked) - len(played),
    )


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _result(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a result with numbers where numbers belong."""
    numbers = {key: number(told.get(key)) for key in _WHOLE}
    pairs = int(number(told.get("pairs")) or 0)
    texts = {key: str(told.get(key) or "") for key in ("status", "verdict", "reason")}
    return {**numbers, **texts, "pairs": pairs, "confirmed": told.get("confirmed") is True}


def _pair(record: Mapping[str, Any]) -> Pair | None:
    """Return a record's pair; None for what is none."""
    try:
        pair = pair_of(record)
        sound = all(map(_sound, (*pair.sides.values(), *([pair.null] if pair.null else []))))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None
    whole = all(isinstance(one, Absence) for one in pair.absent.values())
    steal = pair.steal is None or number(pair.steal) is not None
    return pair if sound and whole and steal and number(pair.seconds) is not None else None


def _sound(side: Side) -> bool:
    values = [getattr(side, one.name) for one in fields(side) if one.name not in ("log_ratio", "best")]
    logs = side.log_ratio is None or (number(side.log_ratio) is not None and abs(side.log_ratio) < 700)
    return logs and all(number(value) is not None for value in values)


def _race(name: str, head: Mapping[str, Any], ended: Mapping[str, Any], pairs: Sequence[Pair]) -> Race:
    """Return the race as far as the ledger knows it: from its end, or from its pairs where it has none."""
    settings = mapping(head.get("settings"))
    told = [str(mapping(one).get("name")) for one in _list(ended.get("contenders"))]
    base = str(mapping(ended.get("baseline")).get("name") or _baseline(pairs))
    seen = dict.fromkeys(one for pair in pairs for one in (*pair.sides, *pair.absent))
    members = told or [one for one in seen if one != base]
    benchmark = str(ended.get("benchmark") or name.partition("(")[0])
    threshold = number(ended.get("threshold")) or number(settings.get("threshold")) or 0.025
    return Race(
        name=name,
        model=str(ended.get("model") or benchmark),
        crew="",
        axes=mapping(ended.get("axes")),
        baseline=Contender(base, _NOWHERE, benchmark, 0, ()),
        contenders=tuple(Contender(one, _NOWHERE, benchmark, 0, ()) for one in dict.fromkeys(members)),
        threshold=threshold if 0 < threshold < math.inf else 0.025,
    )


def _baseline(pairs: Sequence[Pair]) -> str:
    """Return the name of the baseline: it has no ratio to itself."""
    alone = (name for pair in pairs for name, side in pair.sides.items() if side.log_ratio is None)
    absent = (name for pair in pairs for name in pair.absent)
    return next(alone, next(absent, "base"))
