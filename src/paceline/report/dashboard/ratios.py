"""A report's sections as the page's data: every table with its cells, and how far to trust them."""

from __future__ import annotations

from typing import Any

from paceline.report.contents import Cell, Report, Section, Table
from paceline.report.dashboard.charts import short_id
from paceline.report.dashboard.texts import text, value
from paceline.results.raced import RaceRun
from paceline.stats.verdict import THRESHOLD


def sections(report: Report) -> list[dict[str, Any]]:
    """Return all sections as plain values."""
    return [_section(section) for section in report.sections]


def _section(section: Section) -> dict[str, Any]:
    run, machine = section.run, section.run.machine
    races = list(section.races)
    floor = section.detectable
    return {
        "machine": text(machine.name),
        "cpu": text(machine.cpu),
        "cores": text(machine.cores),
        "ram": text(machine.ram),
        "os": text(machine.os),
        "arch": text(machine.arch),
        "environment": text(run.environment),
        "python": text(run.python),
        "requirements": {text(name): text(one) for name, one in run.requirements.items()},
        "commit": run.commit if run.measurements else "",
        "date": run.date.timestamp() * 1000 if run.measurements else None,
        "measured": run.measured.timestamp() * 1000 if run.measured else None,
        "floor": list(floor) if floor else None,
        "mostly": section.mostly_detectable,
        "raced": sum(one.detectable is not None for one in section.raced),
        "unpaired": section.unpaired,
        "races": [_race(race) for race in races],
        "remarks": [text(remark) for remark in section.remarks],
        "tables": [_table(table, section, races) for table in section.tables],
        "memory": [_table(table, section, races) for table in section.memory],
        "startup": [_table(table, section, races) for table in section.startup],
    }


def _race(run: RaceRun) -> dict[str, Any]:
    return {
        "run": text(run.name),
        "utc": run.utc.timestamp() * 1000,
        "commit": run.commit,
        "label": text(run.label, 40),
        "epoch": text(run.host.get("epoch", ""), 40),
        "python": text(run.python, 40),
        "infra": text(run.infra),
    }


def _table(table: Table, section: Section, races: list[RaceRun]) -> dict[str, Any]:
    where = (section.run.machine.name, section.run.environment, table.benchmark, repr(table.fixed))
    return {
        "id": short_id("\0".join(where)),
        "name": text(table.name),
        "model": text(table.model),
        "family": text(table.family),
        "benchmark": text(table.benchmark),
        "title": text(table.title),
        "unit": text(table.unit),
        "fixed": {text(name): value(one) for name, one in table.fixed},
        "axis": None if table.axis is None else text(table.axis),
        "columns": [value(column) for column in table.columns],
        "baseline": None if table.baseline is None else text(table.baseline),
        "notes": [[text(name), text(note)] for name, note in table.notes],
        "above": table.above_baseline_case,
        "rows": [
            {"name": text(row.implementation), "cells": [_cell(cell, races) for cell in row.cells]}
            for row in table.rows
        ],
    }


def _cell(cell: Cell, races: list[RaceRun]) -> dict[str, Any]:
    """Return what a case has; what it has not is left out."""
    told: dict[str, Any] = {"status": cell.status}
    if cell.reason:
        told["reason"] = text(cell.reason)
    if cell.median is not None:
        told["time"] = [cell.median.value, cell.median.low, cell.median.high]
    if cell.ratio is not None:
        told["ratio"] = [cell.ratio.value, cell.ratio.low, cell.ratio.high]
    if cell.raced is not None:
        raced = cell.raced
        told |= {"race": races.index(raced.run) if raced.run in races else None, "verdict": raced.verdict}
        told |= {"pairs": raced.pairs, "detectable": raced.detectable, "answers": text(raced.answers)}
        told["threshold"] = raced.threshold or THRESHOLD  # a torn record has none
    return told
