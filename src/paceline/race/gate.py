"""Agreement before speed: the cases of races are checked once, and who is not fit takes no part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from paceline.race.across import literal
from paceline.race.check import IMPLEMENTATION, Plan
from paceline.race.contenders import Absence, Contender, Race
from paceline.results.checks import Case
from paceline.suite.questions import Benchmark, Question

Key = tuple[str, frozenset[tuple[str, str]]]
UNFIT = ("differs", "failed", "skipped")


@dataclass(frozen=True)
class Gate:
    """Who takes no part, by race and contender's name; the baseline's own reason stands apart.

    ``answers`` are what was found of all that were checked; ``notes`` and ``builds`` are what their
    authors say of them, by model and contender's name.
    """

    absent: Mapping[str, Mapping[str, Absence]] = field(default_factory=dict)
    baselines: Mapping[str, Absence] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    builds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def checkable(questions: Sequence[Question], races: Sequence[Race]) -> list[Race]:
    """Return the races whose class can tell whether its cases agree."""
    asked = {one.name for question in questions if question.checkable for one in question.benchmarks}
    return [race for race in races if race.baseline.benchmark in asked]


def plans(questions: Sequence[Question], races: Sequence[Race], across: str) -> list[Plan]:
    """Return what is to be checked before races: their cases, once a question."""
    found = []
    for question in questions:
        named = {one.name: one for one in question.benchmarks}
        taking = [one for race in races for one in members(race) if one.benchmark in named]
        if not question.checkable or not taking:
            continue
        cases: dict[Key, tuple[Benchmark, int, dict[str, Any]]] = {}
        for one in taking:
            benchmark = named[one.benchmark]
            params = dict(zip(benchmark.param_names, map(literal, one.params), strict=True))
            cases.setdefault(_key(question.model, params), (benchmark, one.index, params))
        for benchmark in {id(case[0]): case[0] for case in cases.values()}.values():
            own = tuple((index, params) for one, index, params in cases.values() if one is benchmark)
            by = IMPLEMENTATION if IMPLEMENTATION in benchmark.param_names else across
            found.append(Plan(question, benchmark, own, by))
    return found


def gate(
    races: Sequence[Race], questions: Sequence[Question], cases: Sequence[Case], across: str
) -> Gate:
    """Judge the contenders of races by what was found of their cases; what was not asked stays in."""
    benchmarks = {one.name: (question, one) for question in questions for one in question.benchmarks}
    known = {_case_key(case, across): case for case in cases}
    made = Gate({}, {}, {}, {}, {})
    for race in races:
        question, benchmark = benchmarks[race.baseline.benchmark]
        found = {}
        for one in members(race):
            params = dict(zip(benchmark.param_names, map(literal, one.params), strict=True))
            case = known.get(_key(question.model, params)) or _plain(known, question.model, params)
            if case:
                found[one.name] = case
        _enter(made, race, found)
    return made


def members(race: Race) -> tuple[Contender, ...]:
    """Return the baseline and its contenders."""
    return (race.baseline, *race.contenders)


def record(gate: Gate) -> dict[str, Any]:
    """Return a gate as a line of the ledger."""
    return {"kind": "gate", **asdict(gate)}


def gate_of(told: Mapping[str, Any]) -> Gate:
    """Return the gate of a line of the ledger; KeyError and TypeError for what is none."""
    absent = {
        race: {name: Absence(**one) for name, one in found.items()} for race, found in told["absent"].items()
    }
    baselines = {race: Absence(**one) for race, one in told["baselines"].items()}
    return Gate(absent, baselines, told["answers"], told["notes"], told["builds"])
