"""What a report says, as values: every machine's ratio tables, means, memory and start-up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paceline.report.grids import Axes
from paceline.results.measurements import Run, Scalar
from paceline.stats.ratio import Median, Ratio

UNMEASURED = "unmeasured"
BIASED_BELOW = 2e-6  # s; asv_runner's own cost of 0.2-0.3 us is in every call
USUAL = ("time_run", "peakmem_run")  # a title need not name these


@dataclass(frozen=True)
class Remarks:
    """What asv does not keep: why a case failed or was skipped, and what must be known of an answer.

    ``reasons`` is keyed by (model, implementation, axes) with the axes as a frozenset of (name,
    value), or an empty one for all of them; ``notes`` by (model, implementation), and ``texts``,
    which say what text and rules it follows; ``builds`` are those of the extensions that were checked.
    """

    reasons: Mapping[tuple[str, str, frozenset[tuple[str, Scalar]]], str] = field(default_factory=dict)
    notes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    builds: tuple[str, ...] = ()

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
    exits: tuple[int, ...] = ()  # the codes that the command ends with, but 0
