"""What a report says, as values: every machine's ratio tables, means, memory and start-up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from paceline.report.claims import Claim, Limit
from paceline.report.grids import Axes
from paceline.results.measurements import Run, Scalar
from paceline.results.raced import Raced, RaceRun
from paceline.stats.ratio import Median, Ratio

UNMEASURED = "unmeasured"
BIASED_BELOW = 2e-6  # s; asv_runner's own cost of 0.2-0.3 us is in every call
USUAL = ("time_run", "peakmem_run")  # a title need not name these


@dataclass(frozen=True)
class Remarks:
    """What asv does not keep: why a case failed or was skipped, and what must be known of an answer.

    ``reasons`` is keyed by (model, implementation, axes) with the axes as a frozenset of (name,
    value), or an empty one for all of them; so are the keys in ``wrong``, the cases whose answers differ.
    ``notes`` is keyed by (model, implementation), and ``texts``, which say what text and rules it follows;
    ``builds`` are those of the extensions that were checked.
    """

    reasons: Mapping[tuple[str, str, frozenset[tuple[str, Scalar]]], str] = field(default_factory=dict)
    wrong: frozenset[tuple[str, str, frozenset[tuple[str, Scalar]]]] = frozenset()
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    builds: tuple[str, ...] = ()

    def reason(self, model: str, implementation: str, axes: Mapping[str, Scalar]) -> str:
        """Return why a case has no figure, or an empty text."""
        exact = self.reasons.get((model, implementation, frozenset(axes.items())))
        return exact or self.reasons.get((model, implementation, frozenset()), "")

    def differs(self, model: str, implementation: str, axes: Mapping[str, Scalar]) -> bool:
        """Whether checking found that a case's answer is not the reference's."""
        return (model, implementation, frozenset(axes.items())) in self.wrong


@dataclass(frozen=True)
class Cell:
    """One case: a figure in the table's unit, and for times its ratio; or a status and its reason.

    ``raced`` is the race that all of it is from; without one it is asv's, and a ratio is unpaired.
    ``beside`` is asv's figure of a case that was raced, too.
    """

    status: str
    median: Median | None = None
    ratio: Ratio | None = None
    reason: str = ""
    raced: Raced | None = None
    beside: Median | None = None

    @property
    def least(self) -> Median | None:
        """The least time of a call where it was raced, which is what can be divided by another least one."""
        return Median(self.raced.seconds) if self.raced and self.raced.seconds else self.median

    @property
    def source(self) -> str:
        """Who measured it: "race" or "asv"."""
        return "race" if self.raced else "asv"


@dataclass(frozen=True)
class Row:
    """One implementation over all columns of its table."""

    implementation: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Implementations by one axis; ``baseline`` is None where nothing is divided."""

    name: str  # the model's, with its class where several classes ask about one model
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
    texts: tuple[tuple[str, str], ...] = ()
    above_baseline_case: bool = False
    unselected: tuple[Scalar, ...] = ()  # columns that are left out: asv skipped all of them without a reason

    @property
    def function(self) -> str:
        """The benchmark's last name: "time_run"."""
        return self.benchmark.rpartition(".")[2]

    @property
    def subject(self) -> str:
        """The name, and the function where it is not the usual one."""
        return self.name if self.function in USUAL else f"{self.name}, {self.function}"

    @property
    def title(self) -> str:
        """The subject and the other axes' values."""
        return ", ".join((self.subject, *(f"{name} = {value}" for name, value in self.fixed)))

    def axes(self, column: Scalar) -> dict[str, Scalar]:
        """Return every parameter of a column but the implementation."""
        return dict(self.fixed) | ({self.axis: column} if self.axis else {})

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell, row by row."""
        return (cell for row in self.rows for cell in row.cells)

    def unpaired(self, row: Row, cell: Cell) -> bool:
        """Whether a ratio is asv's: of two medians that were measured apart."""
        return cell.ratio is not None and cell.raced is None and row.implementation != self.baseline


@dataclass(frozen=True)
class Mean:
    """The geometric mean of one implementation's ratios over a family: every model has one weight.

    ``cases`` of the ``of_cases`` that the family's tables have are in it, ``unpaired`` of them asv's.
    """

    family: str
    baseline: str
    implementation: str
    value: float
    models: int
    of_models: int
    cases: int
    of_cases: int
    unpaired: int

    @property
    def whole(self) -> bool:
        """Whether no case is missing: only such means can be compared with each other."""
        return self.cases == self.of_cases


@dataclass(frozen=True)
class Section:
    """One machine at one commit in one environment; ``run`` holds nothing where there are only races."""

    run: Run
    tables: tuple[Table, ...]
    means: tuple[Mean, ...]
    memory: tuple[Table, ...]
    startup: tuple[Table, ...]
    remarks: tuple[str, ...] = ()
    tracked: tuple[Table, ...] = ()  # numbers that a suite tracks beside the times: errors, counts, bandwidth

    @property
    def families(self) -> tuple[str, ...]:
        """Every family of this section, in the suite's order."""
        return tuple(dict.fromkeys(table.family for table in (*self.tables, *self.memory, *self.tracked)))

    @property
    def raced(self) -> tuple[Raced, ...]:
        """Every contender of a race that is shown, whatever became of it."""
        cells = (cell for table in self.tables for cell in table.cells)
        return tuple(cell.raced for cell in cells if cell.raced and cell.raced.name != cell.raced.baseline)

    @property
    def races(self) -> Mapping[RaceRun, int]:
        """The runs of ``paceline race`` that are shown, the newest first, and the contenders of each."""
        runs = {one.run.name: one.run for one in self.raced}
        count = Counter(one.run.name for one in self.raced)
        ordered = sorted(runs.values(), key=lambda run: (run.utc, run.name), reverse=True)
        return {run: count[run.name] for run in ordered}

    @property
    def unpaired(self) -> int:
        """How many ratios are asv's."""
        rows = ((table, row) for table in self.tables for row in table.rows)
        return sum(table.unpaired(row, cell) for table, row in rows for cell in row.cells)

    @property
    def detectable(self) -> tuple[float, float, float] | None:
        """The smallest slow-down that is found: the least, the median and the largest of all raced cases."""
        known = [one.detectable for one in self.raced if one.detectable is not None]
        return (min(known), median(known), max(known)) if known else None

    @property
    def mostly_detectable(self) -> float | None:
        """The slow-down that nine in ten of the raced cases find; None where they are fewer than ten."""
        known = sorted(one.detectable for one in self.raced if one.detectable is not None)
        return known[math.ceil(0.9 * len(known)) - 1] if len(known) >= 10 else None

    @property
    def commits(self) -> tuple[str, ...]:
        """Every commit that something here was measured at, as people read it, the races' first."""
        labels = dict.fromkeys(run.label for run in self.races)
        if self.run.measurements:
            labels[self.run.commit[:8]] = None
        return tuple(labels)


@dataclass(frozen=True)
class Report:
    """Everything that a report says; the writers only choose the words."""

    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()
    references: Mapping[str, str | None] = field(default_factory=dict)  # by model
    earlier: Mapping[tuple[str, str], Sequence[str]] = field(
        default_factory=dict
    )  # losses of the report before, by machine and environment
    claims: tuple[Claim, ...] = ()  # what changes are said to be worth
    limit: Limit | None = None  # what the machine can do at most, and what rows move
    partial: bool = False  # whether only some models were asked for, or one machine
    exits: tuple[int, ...] = ()  # the codes that the command ends with, but 0
