"""A report as JSON that programs may rely on (schema 1): every ratio shown, and its source."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from paceline.report import ablations, crossings, first_calls, losses, precision, shares
from paceline.report.ablations import Ablation
from paceline.report.contents import Cell, Mean, Report, Section, Table
from paceline.results.measurements import Machine, Scalar
from paceline.results.raced import RaceRun


def document(report: Report) -> dict[str, Any]:
    """Return the whole summary."""
    return {
        "schema": 1,
        "machines": [_section(section, report) for section in report.sections],
        "warnings": list(report.warnings),
        "exits": list(report.exits),
    }


def _section(section: Section, report: Report) -> dict[str, Any]:
    run = section.run
    return {
        "machine": run.machine.name,
        "host": _host(run.machine),
        "commit": run.commit,
        "date": run.date.isoformat(),
        "measured": run.measured.isoformat() if run.measured else None,
        "environment": run.environment,
        "python": run.python,
        "requirements": dict(run.requirements),
        "variables": dict(run.variables),
        "asv": bool(run.measurements),
        "commits": list(section.commits),
        "races": [_race(race, count) for race, count in section.races.items()],
        "noise_floor": _floor(section),
        "models": [model for table in section.tables for model in _models(table)],
        "crossovers": [one for table in section.tables for one in _crossovers(table)],
        "losses": [loss.key for loss in losses.losses(section, report.references)],
        "losses_before": list(known.kept if (known := losses.since(section, report)) else ()),
        "means": [_mean(mean) for mean in section.means],
        "memory": [_amounts(table) for table in section.memory],
        "startup": [_amounts(table) for table in section.startup],
        "tracked": [_amounts(table) for table in section.tracked],
        "first_calls": [
            first_calls.document(told) for told in first_calls.first_calls(section, report.references)
        ],
        "bandwidth": [
            {
                "benchmark": one.table.benchmark,
                "axes": dict(one.table.fixed) | {str(one.table.axis): one.size},
                "limit": one.limit,
                "shares": dict(one.reached),
            }
            for one in shares.shares(section, report.limit)
        ],
        "precision": [precision.document(one) for one in precision.precisions(section)],
        "ablations": [_ablation(one) for one in ablations.ablations(section, report.claims)],
        "remarks": list(section.remarks),
    }


def _race(run: RaceRun, count: int) -> dict[str, Any]:
    return {
        "run": run.name,
        "date": run.utc.isoformat(),
        "commit": run.commit,
        "dirty": run.dirty,
        "preset": run.preset,
        "host": run.host.get("host"),
        "cpu": run.host.get("cpu"),
        "epoch": run.host.get("epoch"),
        "python": run.python,
        "packages": dict(run.packages),
        "contenders": count,
        "infra": run.infra,
    }


def _floor(section: Section) -> dict[str, float] | None:
    """The smallest slow-down that is found, as a fraction; None where nothing was raced."""
    known, mostly = section.detectable, section.mostly_detectable
    told = dict(zip(("least", "median", "most"), known, strict=True)) if known else None
    return told | {"nine_in_ten": mostly} if told and mostly is not None else told


def _host(machine: Machine) -> dict[str, str | None]:
    fields = {
        "cpu": machine.cpu, "cores": machine.cores, "ram": machine.ram, "os": machine.os, "arch": machine.arch
    }  # fmt: skip
    return {name: value or None for name, value in fields.items()}


def _models(table: Table) -> Iterator[dict[str, Any]]:
    for place, column in enumerate(table.columns):
        yield {
            "model": table.model,
            "family": table.family,
            "benchmark": table.benchmark,
            "baseline": table.baseline,
            "axes": table.axes(column),
            "contenders": [_contender(row.implementation, row.cells[place]) for row in table.rows],
        }


def _contender(implementation: str, cell: Cell) -> dict[str, Any]:
    ratio, raced = cell.ratio, cell.raced
    return {
        "implementation": implementation,
        "status": cell.status,
        "source": cell.source,
        "seconds": cell.median.value if cell.median else None,
        "ratio": _finite(ratio.value) if ratio else None,
        "low": ratio.low if ratio else None,
        "high": ratio.high if ratio else None,
        "verdict": raced.verdict if raced else "",
        "pairs": (raced.pairs or None) if raced else None,
        "detectable": raced.detectable if raced else None,
        "answers": raced.answers if raced else None,
        "run": raced.run.name if raced else None,
        "reason": cell.reason,
    }


def _crossovers(table: Table) -> Iterator[dict[str, Any]]:
    for name, found in crossings.crossings(table):
        yield {
            "benchmark": table.benchmark,
            "axes": dict(table.fixed),
            "axis": table.axis,
            "implementation": name,
            "baseline": table.baseline,
            "size": found.size,
            "low": found.low,
            "high": found.high,
            "faster_below": name if found.rising else table.baseline,
        }


def _amounts(table: Table) -> dict[str, Any]:
    return {
        "model": table.model,
        "family": table.family,
        "benchmark": table.benchmark,
        "unit": table.unit,
        "above_baseline_case": table.above_baseline_case,
        "cases": [
            _amount(table.axes(column), row.implementation, row.cells[place])
            for row in table.rows
            for place, column in enumerate(table.columns)
        ],
    }


def _amount(axes: dict[str, Scalar], implementation: str, cell: Cell) -> dict[str, Any]:
    return {
        "axes": axes,
        "implementation": implementation,
        "status": cell.status,
        "value": cell.median.value if cell.median else None,
        "reason": cell.reason,
    }


def _ablation(one: Ablation) -> dict[str, Any]:
    claim = one.claim
    return {
        "change": claim.change,
        "model": claim.model,
        "without": claim.without,
        "with": claim.with_,
        "said": claim.text or ([claim.low, claim.high] if claim.low else None),
        "source": claim.source,
        "verdict": ablations.verdict(one),
        "cases": [
            {
                "benchmark": worth.benchmark,
                "axes": worth.axes,
                "worth": worth.ratio.value,
                "low": worth.ratio.low,
                "high": worth.ratio.high,
                "paired": worth.paired,
            }
            for worth in one.cases
        ],
    }


def _mean(mean: Mean) -> dict[str, Any]:
    return {
        "family": mean.family,
        "baseline": mean.baseline,
        "implementation": mean.implementation,
        "ratio": mean.value,
        "models": mean.models,
        "of_models": mean.of_models,
        "cases": mean.cases,
        "of_cases": mean.of_cases,
        "unpaired": mean.unpaired,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
