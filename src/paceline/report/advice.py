"""Which implementation to take: import, first call (JIT) and so many calls added up, for this machine.

total(R) = import + first call + R * call(n), with call(n) from the measured sizes on a line in logarithms.
Only implementations whose start-up is known are compared with each other; where it is known of none, calls
alone are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from paceline.report import call_times, doubts, words
from paceline.report.contents import Section, Table
from paceline.results.measurements import Scalar

PLAIN = ("numba", "numpy", "pure", "python", "scipy")  # names that begin so are known to need no compiler
MOST_RUNS = 1e15
IMPORT, FIRST_CALL = "track_import", "track_first_call"


@dataclass(frozen=True)
class Cost:
    """What an implementation costs, in seconds; ``load`` (import) and ``first`` (call) None: not measured.

    ``beyond`` tells that the size lies outside those that were measured.
    """

    implementation: str
    load: float | None
    first: float | None
    call: float
    beyond: bool = False

    @property
    def known(self) -> bool:
        """Whether start-up was measured."""
        return self.load is not None and self.first is not None

    @property
    def start(self) -> float:
        """The seconds before the runs, as far as they are known."""
        return (self.load or 0.0) + (self.first or 0.0)

    @property
    def plain(self) -> bool:
        """Whether its name says that no compiler is needed to build it."""
        return self.implementation.partition("_")[0] in PLAIN

    def total(self, runs: float) -> float:
        """Return the seconds of so many calls, all told: at least so many, where start-up is not known."""
        return self.start + runs * self.call


@dataclass(frozen=True)
class Advice:
    """The costs of a table's implementations at a value of its axis, for a number of calls.

    Those that are compared (``ranked``) come first, the cheapest before the others. ``left_out`` are
    implementations without a time there, and why; ``doubts`` say why sums may not come true.
    """

    table: Table
    at: Scalar
    runs: int
    costs: tuple[Cost, ...]
    left_out: tuple[tuple[str, str], ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def ranked(self) -> tuple[Cost, ...]:
        """Those whose start-up is known; all where it is known of none."""
        return tuple(cost for cost in self.costs if cost.known) or self.costs

    @property
    def best(self) -> Cost:
        """The cheapest."""
        return self.costs[0]

    @property
    def plain(self) -> Cost | None:
        """The cheapest that is known to need no compiler."""
        return next((cost for cost in self.ranked if cost.plain), None)


def advice(section: Section, table: Table, at: Scalar, runs: int) -> Advice:
    """Add up the costs; ValueError says why where nobody has a time there."""
    loads, firsts = (_startup(section, table.model, name) for name in (IMPORT, FIRST_CALL))
    told = {row.implementation: call_times.call(table, row, at) for row in table.rows}
    calls = {name: one for name, one in told.items() if not isinstance(one, str)}
    left_out = tuple((name, one) for name, one in told.items() if isinstance(one, str))
    if not calls:
        why = "; ".join(f"{name}: {reason}" for name, reason in left_out[:3])
        raise ValueError(f"nothing of {table.title} has a time there: {why}")
    costs = [
        Cost(name, loads.get(name), firsts.get(name), one.seconds, one.beyond) for name, one in calls.items()
    ]
    costs.sort(key=lambda cost: (not cost.known, cost.total(runs)))
    cells = {name: one.cell for name, one in calls.items()}
    said = doubts.doubts(section, cells, started=costs[0].known)
    return Advice(table, at, runs, tuple(costs), left_out, tuple(said))


def break_even(one: Cost, other: Cost) -> float | None:
    """Return the number of calls from which on the one with the cheaper call is cheaper all told.

    None where that is so from the start, or never.
    """
    fast, slow = sorted((one, other), key=lambda cost: cost.call)
    ahead = fast.start - slow.start
    return ahead / (slow.call - fast.call) if ahead > 0 and slow.call > fast.call else None


def sentence(told: Advice, machine: str) -> str:
    """Say what to take, what it costs, and which choice needs no compiler, in one sentence."""
    calls = "1 run" if told.runs == 1 else f"{told.runs:,} runs"
    fixed = "".join(f", {name} = {value}" for name, value in told.table.fixed)
    after = ", after NumPy and SciPy are imported," if told.best.known else ""
    where = f"{told.table.subject}{_at(told)}{fixed} on {machine}{after}"
    first = f"For {calls} of {where} take {_priced(told, told.best)}"
    plain = told.plain
    if plain is None:
        return f"{first}; no choice is known to need no compiler."
    if plain is told.best:
        return f"{first}; it needs no compiler."
    return f"{first}; without a compiler take {_priced(told, plain)}."


def more(told: Advice) -> Iterator[str]:
    """Yield what must be known beside the sentence: who was not compared and why, and what is doubtful."""
    for cost in told.costs[len(told.ranked) :]:
        if cost.total(told.runs) < told.best.total(told.runs):
            runs = words.seconds(told.runs * cost.call)
            yield f"{cost.implementation} may be cheaper: its runs take {runs}, its start-up was not measured"
    yield from (f"left out: {name}, {why}" for name, why in told.left_out)
    yield from (f"rough: {doubt}" for doubt in told.doubts)


def turns(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield from how many calls on another choice is the cheapest, the fewest first."""
    last = _cheapest(costs, 1) if costs else ""
    for runs in edges(costs):
        now = _cheapest(costs, runs)
        yield f"from about {whole(float(f'{runs:.2g}'))} runs on {now}, below it {last}"
        last = now


def edges(costs: Sequence[Cost]) -> Iterator[int]:
    """Yield the numbers of calls from which on another choice is the cheapest, the fewest first."""
    pairs = ((one, other) for one in costs for other in costs)
    found = {edge for one, other in pairs if (edge := break_even(one, other)) is not None}
    last = _cheapest(costs, 1) if costs else ""
    for runs in sorted({math.floor(edge) + 1 for edge in found if edge < MOST_RUNS}):
        now = _cheapest(costs, runs)
        if now != last:
            yield runs
            last = now


def without_compiler(costs: Sequence[Cost]) -> list[Cost]:
    """Return the costs of what is known to need no compiler."""
    return [cost for cost in costs if cost.plain]


def document(told: Advice) -> dict[str, Any]:
    """Return the advice for JSON."""
    plain = told.plain
    return {
        "model": told.table.model,
        "benchmark": told.table.benchmark,
        "axes": told.table.axes(told.at),
        "runs": told.runs,
        "best": told.best.implementation,
        "without_compiler": plain.implementation if plain else None,
        "turns": list(turns(told.ranked)),
        "turns_without_compiler": list(turns(without_compiler(told.ranked))),
        "costs": [
            {
                "implementation": cost.implementation,
                "seconds": cost.total(told.runs),
                "import": cost.load,
                "first_call": cost.first,
                "call": cost.call,
                "startup_measured": cost.known,
                "extrapolated": cost.beyond,
            }
            for cost in told.costs
        ],
        "left_out": [{"implementation": name, "reason": why} for name, why in told.left_out],
        "doubts": list(told.doubts),
    }


def _cheapest(costs: Sequence[Cost], runs: int) -> str:
    return min(costs, key=lambda cost: (cost.total(runs), cost.call)).implementation


def _at(told: Advice) -> str:
    return f" at {told.table.axis} = {whole(told.at)}" if told.table.axis else ""


def whole(value: Scalar) -> str:
    """Return a value of an axis as people read it: a whole number without a point."""
    return words.size(int(value) if isinstance(value, float) and value.is_integer() else value)


def _priced(told: Advice, cost: Cost) -> str:
    parts = f"import {words.seconds(cost.load or 0.0)}, first call {words.seconds(cost.first or 0.0)}"
    start = parts if cost.known else "start-up not measured"
    beyond = ", beyond the sizes that were measured" if cost.beyond else ""
    total, call = words.seconds(cost.total(told.runs)), words.seconds(cost.call)
    about = "about " if told.doubts else ""
    return f"{cost.implementation}: {about}{total} ({start}, a run {call}{beyond})"


def _startup(section: Section, model: str, function: str) -> dict[str, float]:
    """Return what a start-up benchmark tells of a model, by implementation."""
    found: dict[str, float] = {}
    for table in section.startup:
        if table.function == function and model in table.columns:
            place = table.columns.index(model)
            cells = ((row.implementation, row.cells[place].median) for row in table.rows)
            found |= {name: cell.value for name, cell in cells if cell is not None}
    return found
