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

Key = tuple[str, str, frozenset[tuple[str, str]]]
UNFIT = ("differs", "failed", "skipped")


@dataclass(frozen=True)
class Gate:
    """Who takes no part, by race and contender's name; the baseline's own reason stands apart.

    ``answers`` are what was found of all that were checked; ``notes`` and ``builds`` are what their
    authors say of them, by model and contender's name.
    """

    absent: dict[str, dict[str, Absence]] = field(default_factory=dict)
    baselines: dict[str, Absence] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    builds: dict[str, dict[str, str]] = field(default_factory=dict)


def checkable(questions: Sequence[Question], races: Sequence[Race]) -> list[Race]:
    """Return the races whose class can tell whether its cases agree."""
    asked = {one.name for question in questions if question.checkable for one in question.benchmarks}
    return [race for race in races if race.baseline.benchmark in asked]


def plans(questions: Sequence[Question], races: Sequence[Race], across: str) -> list[Plan]:
    """Return what is to be checked before races: their cases, once each, by question."""
    seen: set[Key] = set()
    found = []
    for question in questions if races else ():
        for benchmark in question.benchmarks:
            cases = []
            for one in (one for race in races for one in members(race) if one.benchmark == benchmark.name):
                key = _key(question, benchmark, one, across)
                if key not in seen:
                    seen.add(key)
                    cases.append((one.index, _params(benchmark, one)))
            if cases:
                found.append(Plan(question, benchmark, tuple(cases), _by(benchmark, across)))
    return found


def gate(races: Sequence[Race], questions: Sequence[Question], cases: Sequence[Case], across: str) -> Gate:
    """Judge the contenders of races by what was found of their cases; what was not asked stays in."""
    benchmarks = {one.name: (question, one) for question in questions for one in question.benchmarks}
    known = {(case.question, case.implementation, _axes(case.axes)): case for case in cases}
    made = Gate()
    for race in races:
        question, benchmark = benchmarks[race.baseline.benchmark]
        keys = {one.name: _key(question, benchmark, one, across) for one in members(race)}
        _enter(made, race, {name: known[key] for name, key in keys.items() if key in known})
    return made


def _enter(made: Gate, race: Race, found: Mapping[str, Case]) -> None:
    """Enter what was found of one race into the gate that is being made."""
    unfit = {name: Absence(one.status, one.reason) for name, one in found.items() if one.status in UNFIT}
    base = unfit.pop(race.baseline.name, None)
    if base:
        made.baselines[race.name] = base
        status = "skipped" if base.status == "skipped" else "unmeasured"
        why = Absence(status, f"the baseline {race.baseline.name} {said(base)}")
        unfit = {one.name: unfit.get(one.name, why) for one in race.contenders}
    made.absent[race.name] = unfit
    made.answers[race.name] = {name: one.status for name, one in found.items()}
    for name, one in found.items():
        if one.note:
            made.notes.setdefault(race.model, {})[name] = one.note
        if one.build:
            made.builds.setdefault(race.model, {})[name] = one.build


def said(absence: Absence) -> str:
    """Say an absence after a name: "differs: x", "is skipped: y"."""
    verb = {"skipped": "is skipped", "absent": "is absent"}.get(absence.status, absence.status)
    return f"{verb}: {absence.reason}" if absence.reason else verb


def _by(benchmark: Benchmark, across: str) -> str:
    return IMPLEMENTATION if IMPLEMENTATION in benchmark.param_names else across


def _params(benchmark: Benchmark, one: Contender) -> dict[str, Any]:
    return dict(zip(benchmark.param_names, map(literal, one.params), strict=True))


def _axes(axes: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((name, str(value)) for name, value in axes.items())


def _key(question: Question, benchmark: Benchmark, one: Contender, across: str) -> Key:
    """Return what a contender's case is known by: the question, the implementation, the other parameters."""
    params = _params(benchmark, one)
    implementation = str(params.pop(_by(benchmark, across)))
    return question.key, implementation, _axes(params)


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
