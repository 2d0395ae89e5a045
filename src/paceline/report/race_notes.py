"""What must be known to read what races found: absences, answers, notes, what is not decided, the floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from paceline.escape import plain
from paceline.report import words
from paceline.report.races import Outcome, by_model, interval, where

MOST_NAMED = 6  # cases in a line that lists them
_ANSWERS = {"changed": "the answers are others than the baseline's", "unchecked": "the answers are unchecked"}


def notes(outcomes: Sequence[Outcome]) -> list[str]:
    """Say why contenders have no ratio, what their answers are, and what their authors say of them."""
    lines: dict[str, None] = {}
    for own in by_model(outcomes):
        model = plain(own[0].race.shown)
        for (status, reason), cases in _absences(own).items():
            why = f": {plain(reason, 300)}" if reason else ""
            lines[f"{model}: {_listed(cases, len(own))}: {status}{why}"] = None
        for answer, cases in _answers(own).items():
            lines[f"{model}: {_listed(cases, len(own))}: {plain(answer)}"] = None
        for warning, cases in _warnings(own).items():
            lines[f"{model}: {_listed(cases, len(own))}: {plain(warning)}"] = None
        for name, note in {name: note for one in own for name, note in one.notes.items()}.items():
            lines[f"{model}: {plain(name)}: {plain(note, 300)}"] = None
        for setup in dict.fromkeys(one.setup for one in own if one.setup):
            at = [one.at for one in own if one.setup == setup]
            some = f" at {'; '.join(map(plain, at))}" if len(at) < len(own) else ""
            lines[f"{model}: setup before every call{some}: {plain(setup, 200)}"] = None
    return list(lines)


def undecided(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the cases that are inconclusive, in a line; none, where all were decided."""
    cases = [
        f"{plain(one.race.shown)} {plain(result.name)}{where(one)} ({interval(result.estimate)})"
        for one in outcomes
        for result in one.results
        if result.verdict == "inconclusive" and result.estimate
    ]
    if not cases:
        return []
    more = f" and {len(cases) - MOST_NAMED} more" if len(cases) > MOST_NAMED else ""
    return [f"not decided: {', '.join(cases[:MOST_NAMED])}{more}"]


def trust(outcomes: Sequence[Outcome]) -> list[str]:
    """Say the noise floor, and the smallest slow-downs that these races find."""
    found = [result.detectable for one in outcomes for result in one.results if result.detectable is not None]
    if not found:
        return []
    low, high = words.percent(min(found)), words.percent(max(found))
    floor = words.percent(max(one.floor for one in outcomes))
    span = low if low == high else f"{low} to {high}, by case"
    return [f"noise floor {floor} a pair; slow-downs found 19 times in 20: {span}"]


def _absences(own: Sequence[Outcome]) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Return the sizes of every contender that has no verdict, by status and reason."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for outcome in own:
        if outcome.baseline:
            key = (outcome.baseline.status, outcome.baseline.reason)
            found.setdefault(key, {}).setdefault(outcome.race.baseline.name, []).append(outcome.at)
        for one in outcome.results:
            if one.status != "ok":
                found.setdefault((one.status, one.reason), {}).setdefault(one.name, []).append(outcome.at)
    return found


def _listed(cases: Mapping[str, Sequence[str]], all_sizes: int) -> str:
    """Say which contenders at which sizes; the sizes are left out where it is all of them."""
    told = []
    for name, sizes in cases.items():
        where = f" at {'; '.join(map(plain, sizes))}" if len(sizes) < all_sizes else ""
        told.append(plain(name) + where)
    return ", ".join(told)


def _warnings(own: Sequence[Outcome]) -> dict[str, dict[str, list[str]]]:
    """Return the sizes of every contender that carries a warning, by the warning."""
    found: dict[str, dict[str, list[str]]] = {}
    for outcome in own:
        for name, warning in outcome.warnings.items():
            found.setdefault(warning, {}).setdefault(name, []).append(outcome.at)
    return found


def _answers(own: Sequence[Outcome]) -> dict[str, dict[str, list[str]]]:
    """Return the sizes of every contender whose answers are not the baseline's, by what is told of them."""
    found: dict[str, dict[str, list[str]]] = {}
    for outcome in own:
        for one in outcome.results:
            answer = outcome.answers.get(one.name, "unchecked")
            if one.status == "ok" and answer not in ("agrees", "identical"):
                found.setdefault(_ANSWERS.get(answer, f"the answers are off by {answer}"), {}).setdefault(
                    one.name, []
                ).append(outcome.at)
    return found
