"""What a report says, as values: every machine's ratio tables, means, memory and start-up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from paceline.report.grids import ROW, Axes, Grid, grids
from paceline.results.measurements import Measurement, Run, Scalar, Status
from paceline.stats.ratio import Median, Ratio, geometric_mean, ratio
from paceline.suite.questions import Question

UNMEASURED = "unmeasured"
BIASED_BELOW = 2e-6  # s; asv_runner's own cost of 0.2-0.3 us is in every call
_STARTUP = "startup"


@dataclass(frozen=True)
class Remarks:
    """What asv does not keep: why a case failed or was skipped, and what must be known of an answer.

    ``reasons`` is keyed by (model, implementation, axes) with the axes as a frozenset of (name,
    value), or an empty one for all of them; ``notes`` by (model, implementation).
    """

    reasons: Mapping[tuple[str, str, frozenset[tuple[str, Scalar]]], str] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def reason(self, model: str, implementation: str, axes: Mapping[str, Scalar]) -> str:
        """Return why a case has no figure, or an empty text."""
        exact = self.reasons.get((model, implementation, frozenset(axes.items())))
        return exact or self.reasons.get((model, implementation, frozenset()), "")


@dataclass(frozen=True)
class Cell:
    """One case: a figure in the table's unit, and for times its ratio; or a status and its reason."""

    status: str
    median: Median | None = None
    ratio: Ratio | None = None
    reason: str = ""


@dataclass(frozen=True)
class Row:
    """One implementation over all columns of its table."""

    implementation: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Implementations by one axis; ``baseline`` is None where nothing is divided."""

    model: str
    family: str
    benchmark: str
    unit: str
    fixed: Axes
    axis: str | None
    columns: tuple[Scalar, ...]
    rows: tuple[Row, ...]
    baseline: str | None = None
    notes: tuple[tuple[str, str], ...] = ()
    above_baseline_case: bool = False

    @property
    def function(self) -> str:
        """The benchmark's last name: "time_run"."""
        return self.benchmark.rpartition(".")[2]

    @property
    def title(self) -> str:
        """The model, the function where it is not the usual one, and the other axes' values."""
        function = () if self.function == "time_run" else (self.function,)
        return ", ".join((self.model, *function, *(f"{name} = {value}" for name, value in self.fixed)))

    def axes(self, column: Scalar) -> dict[str, Scalar]:
        """Return every parameter of a column but the implementation."""
        return dict(self.fixed) | ({self.axis: column} if self.axis else {})


@dataclass(frozen=True)
class Mean:
    """The geometric mean of one implementation's ratios over a family: every model has one weight."""

    family: str
    baseline: str
    implementation: str
    value: float
    models: int
    of_models: int


@dataclass(frozen=True)
class Section:
    """One machine at one commit in one environment."""

    run: Run
    tables: tuple[Table, ...]
    means: tuple[Mean, ...]
    memory: tuple[Table, ...]
    startup: tuple[Table, ...]
    remarks: tuple[str, ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """Every family of this section, in the suite's order."""
        return tuple(dict.fromkeys(table.family for table in (*self.tables, *self.memory)))


@dataclass(frozen=True)
class Report:
    """Everything that a report says; the writers only choose the words."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()
    noise_floor: str = "not yet measured"


def section(run: Run, questions: Sequence[Question], remarks: Remarks, said: Iterable[str] = ()) -> Section:
    """Gather what one run knows about the questions."""
    by_benchmark: dict[str, list[Measurement]] = {}
    for measurement in run.measurements:
        by_benchmark.setdefault(measurement.benchmark, []).append(measurement)
    tables: list[Table] = []
    memory: list[Table] = []
    startup: list[Table] = []
    for question in questions:
        mine = {name: found for name, found in by_benchmark.items() if name.rpartition(".")[0] == question.key}
        if question.family == _STARTUP:
            startup += [
                _amounts(question, grid, remarks) for found in mine.values() for grid in grids(found)
            ]
        else:
            tables += _times(question, mine, remarks)
            memory += _memory(question, mine, remarks)
    return Section(run, tuple(tables), means(tables), tuple(memory), tuple(startup), tuple(said))


def means(tables: Sequence[Table]) -> tuple[Mean, ...]:
    """Average the ratios of each implementation by family and baseline; see ``Mean``."""
    shares: dict[tuple[str, str], dict[str, dict[str, list[float]]]] = {}
    for table in tables:
        if table.baseline:
            models = shares.setdefault((table.family, table.baseline), {}).setdefault(table.model, {})
            for row in table.rows:
                known = [cell.ratio.value for cell in row.cells if cell.ratio and 0 < cell.ratio.value < float("inf")]
                models.setdefault(row.implementation, []).extend(known)
    found = []
    for (family, baseline), models in shares.items():
        for name in dict.fromkeys(name for ratios in models.values() for name in ratios):
            each = [mean for ratios in models.values() if (mean := geometric_mean(ratios.get(name, ())))]
            whole = geometric_mean(each)
            if whole is not None and name != baseline:
                found.append(Mean(family, baseline, name, whole, len(each), len(models)))
    return tuple(found)


def _times(
    question: Question, mine: Mapping[str, Sequence[Measurement]], remarks: Remarks
) -> list[Table]:
    found = [cases for cases in mine.values() if cases[0].kind == "time" and ROW in cases[0].params]
    return [_time_table(question, grid, remarks) for cases in found for grid in grids(cases)]


def _time_table(question: Question, grid: Grid, remarks: Remarks) -> Table:
    baseline = question.baseline or grid.rows[0]
    rows = []
    for name in grid.rows:
        cells = tuple(_time_cell(question.model, grid, name, baseline, column, remarks) for column in grid.columns)
        rows.append(Row(name, cells))
    return _table(question, grid, rows, remarks, baseline=baseline)


def _time_cell(
    model: str, grid: Grid, name: str, baseline: str, column: Scalar, remarks: Remarks
) -> Cell:
    cell = _cell(model, grid, name, column, remarks)
    if cell.median is None:
        return cell
    if name == baseline:
        return Cell(cell.status, cell.median, Ratio(1.0, 1.0, 1.0))
    divisor = _cell(model, grid, baseline, column, remarks)
    if divisor.median is None:
        return Cell(cell.status, cell.median, reason=f"no ratio: {baseline} {divisor.status}")
    return Cell(cell.status, cell.median, ratio(cell.median, divisor.median))


def _cell(model: str, grid: Grid, name: str, column: Scalar, remarks: Remarks) -> Cell:
    """Return one case; a time that is none (zero, negative, infinite) has failed and says why."""
    found = grid.cells.get((name, column))
    reason = remarks.reason(model, name, grid.axes(column))
    if found is None:
        return Cell(UNMEASURED, reason=reason)
    if found.status is not Status.MEASURED or found.value is None:
        return Cell(str(found.status), reason=reason or found.reason)
    if grid.kind == "time" and not 0 < found.value < float("inf"):
        return Cell(str(Status.FAILED), reason=f"asv recorded {found.value:g} s, which is no time")
    return Cell(str(found.status), Median(found.value, found.low, found.high))


def _memory(
    question: Question, mine: Mapping[str, Sequence[Measurement]], remarks: Remarks
) -> list[Table]:
    """Take the baseline case (imports and inputs) away from each peak, where the suite has one."""
    below = mine.get(f"{question.key}.peakmem_baseline", ())
    found = [
        cases
        for name, cases in mine.items()
        if cases[0].kind == "peakmemory" and not name.endswith(".peakmem_baseline") and ROW in cases[0].params
    ]
    return [
        _above(_amounts(question, grid, remarks), below) for cases in found for grid in grids(cases)
    ]


def _above(table: Table, below: Sequence[Measurement]) -> Table:
    if not below:
        return table
    rows = []
    for row in table.rows:
        cells = []
        for column, cell in zip(table.columns, row.cells, strict=True):
            cells.append(_less(cell, table.axes(column) | {ROW: row.implementation}, below))
        rows.append(Row(row.implementation, tuple(cells)))
    return Table(
        table.model, table.family, table.benchmark, table.unit, table.fixed, table.axis, table.columns,
        tuple(rows), None, table.notes, above_baseline_case=True,
    )  # fmt: skip


def _less(cell: Cell, params: Mapping[str, Scalar], below: Sequence[Measurement]) -> Cell:
    """Subtract the baseline case with the same parameters, as far as it has them."""
    if cell.median is None:
        return cell
    for case in below:
        if case.value is not None and case.params.items() <= params.items():
            return Cell(cell.status, Median(cell.median.value - case.value))
    return Cell(UNMEASURED, reason="its baseline case has no figure")


def _amounts(question: Question, grid: Grid, remarks: Remarks) -> Table:
    rows = [
        Row(name, tuple(_cell(question.model, grid, name, column, remarks) for column in grid.columns))
        for name in grid.rows
    ]
    return _table(question, grid, rows, remarks)


def _table(
    question: Question, grid: Grid, rows: Sequence[Row], remarks: Remarks, baseline: str | None = None
) -> Table:
    notes = tuple(
        (row.implementation, note)
        for row in rows
        if (note := remarks.notes.get((question.model, row.implementation)))
    )
    return Table(
        question.model, question.family, grid.benchmark, grid.unit, grid.fixed, grid.axis, grid.columns,
        tuple(rows), baseline, notes,
    )  # fmt: skip
