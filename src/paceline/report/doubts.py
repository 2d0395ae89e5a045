"""Why a sum of import, first call and runs may not come true: its parts were measured at other times.

Start-up is asv's, runs are the races'. A host may have been of another speed meanwhile, and its canary may
have said so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta

from paceline.report import words
from paceline.report.contents import Cell, Section, Table

APART = timedelta(days=1)
OFF = 1.1  # as far asv's time of a run may be from that of a race
UNSTEADY = "not to be believed to a few per cent: the host was not steady"


def unsteady(table: Table) -> tuple[str, ...]:
    """Return the races of a table's figures during which the host was not steady."""
    races = dict.fromkeys(cell.raced.run for cell in table.cells if cell.raced and cell.median)
    return tuple(run.name for run in races if run.infra)


def doubts(section: Section, used: Mapping[str, Cell], started: bool) -> Iterator[str]:
    """Yield what speaks against a sum, unescaped; ``used`` are the cases by implementation."""
    races = list(dict.fromkeys(cell.raced.run for cell in used.values() if cell.raced))
    for run in races:
        if run.infra:
            yield f"the times of race {run.name} are {UNSTEADY} ({run.infra})"
    measured = section.run.measured
    if started and measured:
        for run in races:
            if abs(run.utc - measured) > APART:
                yield f"start-up was measured on {measured:%Y-%m-%d}, runs were on {run.utc:%Y-%m-%d}"
                break
    yield from _off(section, used)


def _off(section: Section, used: Mapping[str, Cell]) -> Iterator[str]:
    """Yield where asv and a race differ most about a run."""
    both = [
        (abs(math.log(cell.beside.value / cell.median.value)), name, cell)
        for name, cell in used.items()
        if cell.raced and cell.median and cell.beside and 0 < cell.beside.value < math.inf
    ]
    off, name, cell = max(both, key=lambda one: one[0], default=(0.0, "", None))
    if cell and off > math.log(OFF):
        yield f"a run of {name} took {_told(section, cell)}: two speeds are added up"


def _told(section: Section, cell: Cell) -> str:
    assert cell.beside is not None
    assert cell.median is not None
    assert cell.raced is not None
    asv, own = words.seconds(cell.beside.value), words.seconds(cell.median.value)
    when = section.run.measured or section.run.date
    return f"{asv} on {when:%Y-%m-%d} (asv), {own} on {cell.raced.run.utc:%Y-%m-%d} (race)"
