"""What stands below a figure: the host, where the figures are from, what is not drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from paceline.escape import figure as safe
from paceline.report import advice, doubts, places
from paceline.report.contents import Section, Table
from paceline.report.first_calls import FirstCalls

_LINE = 118  # characters; three lines have room


def caption(table: Table, section: Section, more: Sequence[str] = ()) -> str:
    """Say where the figures are from: the host, the race, asv's medians, and what is not drawn."""
    run = section.run
    host = ", ".join(filter(None, (run.machine.name, run.machine.cpu)))
    first = [safe(host, 60)]
    raced = list(dict.fromkeys(cell.raced.run for cell in table.cells if cell.raced))
    if raced:
        last = max(raced, key=lambda race: race.utc)
        commits = ", ".join(dict.fromkeys(race.label for race in raced))
        first.append(f"race of {last.utc:%Y-%m-%d}, commit {safe(commits, 40)}")
    if any(cell.median and not cell.raced for cell in table.cells):
        where = f"{safe(run.commit[:8])} of {run.date:%Y-%m-%d}; {safe(run.environment, 40)}"
        first.append(f"asv: commit {where}")
    return textwrap.fill(
        "; ".join((*first, *_bars(table), *_missing(table), *more)), _LINE, break_on_hyphens=False
    )


def unsteady(table: Table) -> list[str]:
    """Say that the times of a figure are rough, where a host's canary said so."""
    return ["times are rough: the host was not steady"] if doubts.unsteady(table) else []


def _bars(table: Table) -> list[str]:
    """Say what the bars are, and the hollow points."""
    mixed = any(table.unpaired(row, cell) for row in table.rows for cell in row.cells)
    if not any(cell.raced for cell in table.cells):
        return ["bars: about 99 %, from asv's separate (unpaired) runs"]
    return [
        "raced in pairs; bars of ratios: about 98 %",
        *(["hollow points: asv's medians, unpaired"] if mixed else []),
    ]


def _missing(table: Table) -> list[str]:
    missing = sum(cell.median is None for cell in table.cells)
    absent = sum(not usable for usable in places.sizes(table))
    cases = "1 case" if missing == 1 else f"{missing} cases"
    told = [f"{cases} failed, skipped or unmeasured: see the table"] if missing else []
    return (
        [*told, f"{absent} {'size' if absent == 1 else 'sizes'} not above 0: not drawn"] if absent else told
    )


def start_caption(told: FirstCalls, section: Section) -> str:
    """Say where the parts of a figure of calls are from."""
    run = section.run
    first = safe(", ".join(filter(None, (run.machine.name, run.machine.cpu))), 60)
    start = f"import and first call: asv, commit {safe(run.commit[:8])} of {run.date:%Y-%m-%d}, no JIT cache"
    raced = dict.fromkeys(cell.raced.run.label for cell in told.table.cells if cell.raced)
    calls = f"calls: raced at {safe(', '.join(raced), 40)}" if raced else "calls: asv's medians"
    rings = ["rings: from there on another one is the cheapest"] if any(advice.edges(told.costs)) else []
    parts = (first, start, calls, *unsteady(told.table), *rings)
    return textwrap.fill("; ".join(parts), _LINE, break_on_hyphens=False)


def error_caption(table: Table, section: Section) -> str:
    """Say where the times and the errors of a figure are from."""
    run = section.run
    errors = f"errors: asv, commit {safe(run.commit[:8])} of {run.date:%Y-%m-%d}"
    times = caption(table, section, unsteady(table))
    return f"{times}\n{errors}; a point is one value of {safe(table.axis, 30)}"


def heat_caption(tables: Sequence[Table], section: Section, more: str = "") -> str:
    """Say what stands below a heat-map: where it is from, and what its signs mean."""
    run = section.run
    first = [safe(", ".join(filter(None, (run.machine.name, run.machine.cpu))), 60)]
    raced = list(dict.fromkeys(cell.raced.run for table in tables for cell in table.cells if cell.raced))
    first += [f"raced at {safe(', '.join(dict.fromkeys(race.label for race in raced)), 40)}"] if raced else []
    if any(table.unpaired(row, cell) for table in tables for row in table.rows for cell in row.cells):
        first.append(f"asv's medians at {safe(run.commit[:8])} where not raced (unpaired)")
    first.append("▼ faster, ▲ slower, ≈ the same or undecided; the colour is full at a factor of eight")
    return textwrap.fill("; ".join((*first, more) if more else first), _LINE, break_on_hyphens=False)
