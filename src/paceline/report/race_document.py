"""What races found, for programs: the JSON document of ``paceline race``, and what it leaves with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paceline.outcome import Exit
from paceline.race.contenders import Race
from paceline.race.record import result_record
from paceline.race.tally import Result
from paceline.report.races import Outcome


def races(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Return the races as JSON has them."""
    return [_race(one) for one in outcomes]


def planned(ordered: Sequence[Race]) -> list[dict[str, Any]]:
    """Return races that a dry run has found."""
    return [
        {
            "race": race.name,
            "model": race.model,
            "benchmark": race.baseline.benchmark,
            "axes": dict(race.axes),
            "baseline": race.baseline.name,
            "contenders": [{"implementation": one.name, "name": one.name} for one in race.contenders],
        }
        for race in ordered
    ]


def exits(outcomes: Sequence[Outcome], strict: bool) -> list[Exit]:
    """Return every exit code that holds: 4 differs, 3 failed or unmeasured; ``strict``: 3 inconclusive."""
    statuses = {result.status for one in outcomes for result in one.results}
    statuses |= {one.baseline.status for one in outcomes if one.baseline}
    verdicts = {result.verdict for one in outcomes for result in one.results}
    found = [Exit.WRONG_ANSWERS] if "differs" in statuses else []
    if statuses & {"failed", "unmeasured"} or "ok" not in statuses or (strict and "inconclusive" in verdicts):
        found.append(Exit.FAILED)
    return found


def _race(outcome: Outcome) -> dict[str, Any]:
    race = outcome.race
    return {
        "race": race.name,
        "model": race.model,
        "benchmark": race.baseline.benchmark,
        "axes": dict(race.axes),
        "baseline": race.baseline.name,
        "baseline_status": outcome.baseline.status if outcome.baseline else "ok",
        "baseline_reason": outcome.baseline.reason if outcome.baseline else "",
        "baseline_seconds": outcome.baseline_seconds,
        "threshold": race.threshold,
        "baseline_warning": outcome.warnings.get(race.baseline.name, ""),
        "contenders": [_contender(one, outcome) for one in outcome.results],
        "floor": outcome.floor,
        "setup_before_every_call": outcome.setup,
    }


def _contender(result: Result, outcome: Outcome) -> dict[str, Any]:
    told = result_record(result)
    wanted = (
        "status",
        "seconds",
        "ratio",
        "low",
        "high",
        "verdict",
        "pairs",
        "reason",
        "spread",
        "detectable",
    )
    return {
        "implementation": result.name,
        "name": result.name,
        **{key: told[key] for key in wanted},
        "answers": outcome.answers.get(result.name, "unchecked"),
        "note": outcome.notes.get(result.name, ""),
        "warning": outcome.warnings.get(result.name, ""),
    }
