"""Pairs and results as the ledger keeps them, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from paceline.race.contenders import Absence, Pair, Race, Side
from paceline.race.tally import Result


def pair_record(race: Race, number: int, pair: Pair, floor: float, batches: bool = False) -> dict[str, Any]:
    """Return a pair as a line of the ledger; ``batches`` keeps every batch's best time."""
    return {
        "kind": "pair",
        "race": race.name,
        "number": number,
        "floor": floor,
        "cpu": pair.cpu,
        "steal": pair.steal,
        "seconds": round(pair.seconds, 3),
        "sides": {name: _side(side, batches) for name, side in pair.sides.items()},
        "null": _side(pair.null, batches) if pair.null else None,
        "absent": {name: asdict(absence) for name, absence in pair.absent.items()},
    }


def pair_of(record: Mapping[str, Any]) -> Pair:
    """Return the pair of a line; KeyError and TypeError for what is none."""
    return Pair(
        sides={name: _side_of(side) for name, side in record["sides"].items()},
        null=_side_of(record["null"]) if record["null"] else None,
        absent={name: Absence(**absence) for name, absence in record["absent"].items()},
        cpu=record["cpu"],
        steal=record["steal"],
        seconds=record["seconds"],
    )


def result_record(result: Result) -> dict[str, Any]:
    """Return a contender's result for JSON: ratios and their interval, nothing in logs."""
    found, suspected = result.estimate, result.suspected
    return {
        "status": result.status,
        "verdict": result.verdict or result.status,
        "ratio": found.ratio if found else None,
        "low": found.low if found else None,
        "high": found.high if found else None,
        "pairs": found.pairs if found else 0,
        "confirmed": result.confirmed,
        "suspected": suspected.ratio if suspected else None,
        "spread": found.spread if found else None,
        "detectable": result.detectable,
        "seconds": result.seconds,
        "baseline_seconds": result.baseline_seconds,
        "reason": result.reason,
    }


def race_record(
    race: Race, results: Mapping[str, Result], version: str, more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a race ended with as a line of the ledger."""
    return {
        "kind": "race",
        "race": race.name,
        "model": race.model,
        "benchmark": race.baseline.benchmark,
        "version": version,
        "axes": dict(race.axes),
        "threshold": race.threshold,
        "baseline": {"name": race.baseline.name, "params": list(race.baseline.params)},
        "contenders": [
            {
                "name": one.name,
                "benchmark": one.benchmark,
                "params": list(one.params),
                **result_record(results[one.name]),
            }
            for one in race.contenders
        ],
        **more,
    }


def _side(side: Side, batches: bool) -> dict[str, Any]:
    told = {one.name: getattr(side, one.name) for one in fields(side) if one.name != "best"}
    return {**told, "best": [float(f"{best:.5g}") for best in side.best]} if batches else told


def _side_of(record: Mapping[str, Any]) -> Side:
    return Side(**{**record, "best": tuple(record.get("best", ()))})
