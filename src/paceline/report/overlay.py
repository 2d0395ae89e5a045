"""What races found, laid over what asv found: the race's ratio goes first, cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from paceline.report.contents import UNMEASURED as NOT_THERE
from paceline.report.contents import Cell, Row, Table
from paceline.report.grids import ROW
from paceline.results.measurements import Measurement, Scalar, Status
from paceline.results.raced import OK, UNMEASURED, Raced
from paceline.stats.ratio import Median, Ratio
from paceline.suite.questions import Benchmark


def places(raced: Iterable[Raced], known: Sequence[Measurement]) -> list[Measurement]:
    """Return the raced cases of one benchmark that asv does not know, as measurements of nothing."""
    taken = {frozenset(each.params.items()) for each in known}
    order = list(known[0].params) if known else [ROW]
    made = []
    for one in raced:
        params: dict[str, Scalar] = {ROW: one.name, **one.axes}
        if frozenset(params.items()) not in taken:
            taken.add(frozenset(params.items()))
            told = {name: params[name] for name in order if name in params} | params
            made.append(Measurement(one.benchmark, "time", "seconds", told, Status.SKIPPED))
    return made


def in_order(raced: Iterable[Raced], declared: Benchmark | None) -> list[Raced]:
    """Return races in the order of the suite's parameters, not in that of the turns they took."""
    if declared is None:
        return list(raced)
    names = [name for name in declared.param_names if name != ROW]
    axes = [axis for name, axis in zip(declared.param_names, declared.params, strict=False) if name != ROW]
    known = [{text: place for place, text in enumerate(axis)} for axis in axes]

    def place(one: Raced) -> tuple[int, ...]:
        pairs = zip(names, known, strict=False)
        return tuple(order.get(repr(one.axes.get(name)), len(order)) for name, order in pairs)

    return sorted(raced, key=place)


def overlaid(table: Table, raced: Iterable[Raced]) -> Table:
    """Return a table of times with every ratio that a race found against the same baseline."""
    found = {
        (one.name, frozenset(one.axes.items())): one
        for one in raced
        if one.benchmark == table.benchmark and one.baseline == table.baseline
    }
    return replace(table, rows=tuple(_row(table, row, found) for row in table.rows))


def selected(table: Table) -> Table:
    """Leave out the columns in which every case was skipped without a reason: they were not selected."""
    kept = [
        place for place in range(len(table.columns)) if not all(_bare(row.cells[place]) for row in table.rows)
    ]
    if not kept or len(kept) == len(table.columns):
        return table
    rows = tuple(replace(row, cells=tuple(row.cells[place] for place in kept)) for row in table.rows)
    columns = tuple(table.columns[place] for place in kept)
    left_out = tuple(column for column in table.columns if column not in columns)
    return replace(table, columns=columns, rows=rows, unselected=left_out)


def _bare(cell: Cell) -> bool:
    return cell.status in (Status.SKIPPED, NOT_THERE) and not cell.reason and not cell.raced


def _row(table: Table, row: Row, found: Mapping[tuple[str, frozenset[tuple[str, Scalar]]], Raced]) -> Row:
    keys = [(row.implementation, frozenset(table.axes(column).items())) for column in table.columns]
    return replace(
        row,
        cells=tuple(
            _cell(found[key], cell) if key in found else cell
            for key, cell in zip(keys, row.cells, strict=True)
        ),
    )


def _cell(one: Raced, cell: Cell) -> Cell:
    """Return a race's cell; where it was not measured to its end, asv's, if there is one."""
    if one.status == UNMEASURED and cell.median:
        return cell
    if one.status != OK or one.seconds is None or one.ratio is None:
        return Cell(one.status, reason=one.reason or cell.reason, raced=one)
    time, ratio = Median(one.typical or one.seconds), Ratio(one.ratio, one.low, one.high)
    return Cell(str(Status.MEASURED), time, ratio, one.reason, raced=one, beside=cell.median)
