"""From one run and the races beside it to what a report says: ratios, means, memory and start-up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from paceline.report.contents import UNMEASURED, Cell, Remarks, Row, Section, Table
from paceline.report.grids import ROW, Grid, grids
from paceline.report.means import means
from paceline.report.overlay import in_order, overlaid, places, selected
from paceline.results.measurements import Measurement, Run, Scalar, Status
from paceline.results.raced import Raced
from paceline.stats.ratio import Median, Ratio, ratio
from paceline.suite.questions import Question, titled

_STARTUP = "startup"
_Cases = Mapping[str, Sequence[Measurement]]


@dataclass(frozen=True)
class _Asked:
    """One grid of a question's benchmark, with what is known beside it."""

    question: Question
    grid: Grid
    remarks: Remarks

    def cell(self, name: str, column: Scalar) -> Cell:
        """Return one case; a time that is none (zero, negative, infinite) has failed and says why."""
        found = self.grid.cells.get((name, column))
        case = (name, self.grid.axes(column))
        known = (self.question.key, self.question.model)  # older checks tell the model only
        reason = next(filter(None, (self.remarks.reason(one, *case) for one in known)), "")
        if any(self.remarks.differs(one, *case) for one in known):
            return Cell("differs", reason=reason)
        if found is None:
            return Cell(UNMEASURED, reason=reason)
        if found.status is not Status.MEASURED or found.value is None:
            return Cell(str(found.status), reason=reason or found.reason)
        if not math.isfinite(found.value) or (self.grid.kind == "time" and found.value <= 0):
            wrong = f"asv recorded {found.value:g} {found.unit}".strip()
            return Cell(str(Status.FAILED), reason=f"{wrong}, which cannot be")
        return Cell(str(found.status), Median(found.value, found.low, found.high))

    def row(self, name: str) -> Row:
        """Return one implementation's figures, divided by nothing."""
        return Row(name, tuple(self.cell(name, column) for column in self.grid.columns))

    def table(self, rows: Iterable[Row]) -> Table:
        """Return the rows as a table with the notes on its implementations."""
        question, grid, rows = self.question, self.grid, tuple(rows)
        known = [(row.implementation, (question.model, row.implementation)) for row in rows]
        notes, texts = (
            tuple((name, told[key]) for name, key in known if key in told)
            for told in (self.remarks.notes, self.remarks.texts)
        )
        return Table(
            name=question.model,
            model=question.model,
            family=question.family,
            benchmark=grid.benchmark,
            unit=grid.unit,
            fixed=grid.fixed,
            axis=grid.axis,
            columns=grid.columns,
            rows=rows,
            notes=notes,
            texts=texts,
        )


def section(
    run: Run,
    questions: Sequence[Question],
    remarks: Remarks,
    said: Iterable[str] = (),
    raced: Sequence[Raced] = (),
) -> Section:
    """Gather what one run, and the races that belong to it, know about the questions."""
    cases = _by_key(run.measurements)
    questions = titled(questions)
    tables: list[Table] = []
    memory: list[Table] = []
    startup: list[Table] = []
    tracked: list[Table] = []
    for question in questions:
        mine, name = cases.get(question.key, {}), question.shown
        if question.family == _STARTUP:
            startup += _named(_startup(question, mine, remarks), name)
        else:
            tables += _named(_times(question, mine, remarks, raced), name)
            memory += _named(_memory(question, mine, remarks), name)
            tracked += _named(_tracked(question, mine, remarks), name)
    more = (tuple(memory), tuple(startup), tuple(said), tuple(tracked))
    return Section(run, tuple(tables), means(tables), *more)


def _by_key(measurements: Iterable[Measurement]) -> dict[str, dict[str, list[Measurement]]]:
    """Sort measurements by what their names begin with, then by benchmark."""
    cases: dict[str, dict[str, list[Measurement]]] = {}
    for measurement in measurements:
        key = measurement.benchmark.rpartition(".")[0]
        cases.setdefault(key, {}).setdefault(measurement.benchmark, []).append(measurement)
    return cases


def _named(tables: Iterable[Table], name: str) -> list[Table]:
    return [replace(selected(table), name=name) for table in tables]


def _startup(question: Question, mine: _Cases, remarks: Remarks) -> Iterator[Table]:
    for cases in mine.values():
        for grid in grids(cases):
            asked = _Asked(question, grid, remarks)
            yield asked.table(asked.row(name) for name in grid.rows)


def _tracked(question: Question, mine: _Cases, remarks: Remarks) -> Iterator[Table]:
    """Take the numbers that the suite tracks beside the times, divided by nothing."""
    for cases in mine.values():
        if cases[0].kind == "track":
            for grid in grids(cases):
                asked = _Asked(question, grid, remarks)
                yield asked.table(asked.row(name) for name in grid.rows)


def _times(question: Question, mine: _Cases, remarks: Remarks, raced: Sequence[Raced]) -> Iterator[Table]:
    """Make the tables of every benchmark of the question that asv timed, or that was raced."""
    own = [one for one in raced if one.benchmark.rpartition(".")[0] == question.key]
    for benchmark in dict.fromkeys((*mine, *(one.benchmark for one in own))):
        cases = mine.get(benchmark, ())
        if cases and (cases[0].kind != "time" or ROW not in cases[0].params):
            continue
        declared = next((one for one in question.benchmarks if one.name == benchmark), None)
        found = in_order((one for one in own if one.benchmark == benchmark), declared)
        for grid in grids(cases, places(found, cases)):
            yield overlaid(_time_table(_Asked(question, grid, remarks), found), found)


def _time_table(asked: _Asked, raced: Sequence[Raced]) -> Table:
    """Divide asv's medians; they are not paired. The baseline is the suite's, else the one raced against."""
    grid = asked.grid
    baseline = asked.question.baseline or grid.rows[0]
    if raced and asked.question.baseline not in grid.rows:
        baseline = max(raced, key=lambda one: one.run.utc).baseline
    divisors = asked.row(baseline)
    rows = []
    for row in map(asked.row, grid.rows):
        pairs = zip(row.cells, divisors.cells, strict=True)
        cells = tuple(_divided(cell, by, row.implementation, baseline) for cell, by in pairs)
        rows.append(Row(row.implementation, cells))
    return replace(asked.table(rows), baseline=baseline)


def _divided(cell: Cell, by: Cell, name: str, baseline: str) -> Cell:
    if cell.median is None:
        return cell
    if name == baseline:
        return replace(cell, ratio=Ratio(1.0, 1.0, 1.0))
    if by.median is None:
        return replace(cell, reason=f"no ratio: {baseline} {by.status}")
    found = ratio(cell.median, by.median)
    if not 0 < found.value < math.inf:
        return replace(cell, reason="no ratio: the times are too far apart for one")
    return replace(cell, ratio=found)


def _memory(question: Question, mine: _Cases, remarks: Remarks) -> Iterator[Table]:
    """Take the baseline case (imports and inputs) away from each peak, where the suite has one."""
    below = mine.get(f"{question.key}.peakmem_baseline", ())
    for name, cases in mine.items():
        first = cases[0]
        if first.kind == "peakmemory" and ROW in first.params and not name.endswith(".peakmem_baseline"):
            for grid in grids(cases):
                asked = _Asked(question, grid, remarks)
                table = asked.table(asked.row(row) for row in grid.rows)
                yield _above(table, below) if below else table


def _above(table: Table, below: Sequence[Measurement]) -> Table:
    rows = []
    for row in table.rows:
        pairs = zip(table.columns, row.cells, strict=True)
        own = {ROW: row.implementation}
        rows.append(replace(row, cells=tuple(_less(cell, table.axes(at) | own, below) for at, cell in pairs)))
    return replace(table, rows=tuple(rows), above_baseline_case=True)


def _less(cell: Cell, params: Mapping[str, Scalar], below: Sequence[Measurement]) -> Cell:
    """Subtract the baseline case with the same parameters, as far as it has them."""
    if cell.median is None:
        return cell
    for case in below:
        if case.value is not None and case.params.items() <= params.items():
            return Cell(cell.status, Median(cell.median.value - case.value))
    return Cell(UNMEASURED, reason="its baseline case has no figure")
