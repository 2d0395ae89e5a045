"""Which implementation to take: import, first call (JIT) and so many calls added up, for this machine.

total(R) = import + first call + R * call(n), with call(n) from the measured sizes on a line in logarithms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from paceline.report import words
from paceline.report.contents import Section, Table

COMPILED = "rust"  # implementations that are named so need a compiler to be built
MOST_RUNS = 1e15
IMPORT, FIRST_CALL = "track_import", "track_first_call"


@dataclass(frozen=True)
class Cost:
    """What an implementation costs, in seconds; ``load`` and ``first`` are 0 where nobody measured them.

    ``beyond`` tells that the size lies outside those that were measured; ``known`` that start-up was.
    """

    implementation: str
    load: float
    first: float
    call: float
    beyond: bool = False
    known: bool = True

    @property
    def compiler(self) -> bool:
        """Whether it needs a compiler to be built."""
        return self.implementation.startswith(COMPILED)

    def total(self, runs: float) -> float:
        """Return the seconds of so many calls, all told."""
        return self.load + self.first + runs * self.call


@dataclass(frozen=True)
class Advice:
    """The costs of a table's implementations at a size, for a number of calls, the cheapest first."""

    table: Table
    size: float | None
    runs: int
    costs: tuple[Cost, ...]

    @property
    def best(self) -> Cost:
        """The cheapest."""
        return self.costs[0]

    @property
    def plain(self) -> Cost | None:
        """The cheapest that needs no compiler."""
        return next((cost for cost in self.costs if not cost.compiler), None)


def advice(section: Section, table: Table, size: float | None, runs: int) -> Advice:
    """Add up the costs; ValueError where nothing of the table was measured."""
    start = {name: _startup(section, table.model, name) for name in (IMPORT, FIRST_CALL)}
    costs = []
    for row in table.rows:
        at = _interpolated(_points(table, row.implementation), size)
        if at is not None:
            load, first = (start[name].get(row.implementation) for name in (IMPORT, FIRST_CALL))
            known = load is not None and first is not None
            costs.append(Cost(row.implementation, load or 0.0, first or 0.0, *at, known))
    if not costs:
        raise ValueError(f"nothing of {table.title} was measured")
    return Advice(table, size, runs, tuple(sorted(costs, key=lambda cost: cost.total(runs))))


def break_even(one: Cost, other: Cost) -> float | None:
    """Return the number of calls from which on the one with the cheaper call is cheaper all told.

    None where that is so from the start, or never.
    """
    fast, slow = sorted((one, other), key=lambda cost: cost.call)
    ahead = (fast.load + fast.first) - (slow.load + slow.first)
    return ahead / (slow.call - fast.call) if ahead > 0 and slow.call > fast.call else None


def sentence(told: Advice, machine: str) -> str:
    """Say what to take, what it costs, and which choice needs no compiler, in one sentence."""
    calls = "1 run" if told.runs == 1 else f"{told.runs:,} runs"
    size = f" at {told.table.axis} = {_whole(told.size)}" if told.size is not None else ""
    fixed = "".join(f", {name} = {value}" for name, value in told.table.fixed)
    first = (
        f"For {calls} of {told.table.subject}{size}{fixed} on {machine} take {_priced(told.best, told.runs)}"
    )
    plain = told.plain
    if plain is None:
        return f"{first}; every choice needs a compiler."
    if plain is told.best:
        return f"{first}; it needs no compiler."
    return f"{first}; without a compiler take {_priced(plain, told.runs)}."


def turns(costs: Sequence[Cost]) -> Iterator[str]:
    """Yield from how many calls on another choice is the cheapest, the fewest first."""
    last = _cheapest(costs, 1)
    for runs in edges(costs):
        now = _cheapest(costs, runs)
        yield f"from about {_whole(float(f'{runs:.2g}'))} runs on {now}, below it {last}"
        last = now


def edges(costs: Sequence[Cost]) -> Iterator[int]:
    """Yield the numbers of calls from which on another choice is the cheapest, the fewest first."""
    pairs = ((one, other) for one in costs for other in costs)
    found = {edge for one, other in pairs if (edge := break_even(one, other)) is not None}
    last = _cheapest(costs, 1)
    for runs in sorted({math.floor(edge) + 1 for edge in found if edge < MOST_RUNS}):
        now = _cheapest(costs, runs)
        if now != last:
            yield runs
            last = now


def without_compiler(costs: Sequence[Cost]) -> list[Cost]:
    """Return the costs of what needs no compiler."""
    return [cost for cost in costs if not cost.compiler]


def document(told: Advice) -> dict[str, object]:
    """Return the advice for JSON."""
    plain = told.plain
    return {
        "model": told.table.model,
        "benchmark": told.table.benchmark,
        "axes": {**dict(told.table.fixed), **({told.table.axis: told.size} if told.table.axis else {})},
        "runs": told.runs,
        "best": told.best.implementation,
        "without_compiler": plain.implementation if plain else None,
        "turns": list(turns(told.costs)),
        "turns_without_compiler": list(turns(without_compiler(told.costs))),
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
    }


def _cheapest(costs: Sequence[Cost], runs: int) -> str:
    return min(costs, key=lambda cost: (cost.total(runs), cost.call)).implementation


def _whole(value: float) -> str:
    return words.size(int(value) if value.is_integer() else value)


def _priced(cost: Cost, runs: int) -> str:
    parts = f"import {words.seconds(cost.load)}, first call {words.seconds(cost.first)}"
    start = parts if cost.known else "start-up not measured"
    beyond = ", beyond the sizes that were measured" if cost.beyond else ""
    total, call = words.seconds(cost.total(runs)), words.seconds(cost.call)
    return f"{cost.implementation}: {total} ({start}, a run {call}{beyond})"


def _startup(section: Section, model: str, function: str) -> dict[str, float]:
    """Return what a start-up benchmark tells of a model, by implementation."""
    found: dict[str, float] = {}
    for table in section.startup:
        if table.function == function and model in table.columns:
            place = table.columns.index(model)
            cells = ((row.implementation, row.cells[place].median) for row in table.rows)
            found |= {name: cell.value for name, cell in cells if cell is not None}
    return found


def _points(table: Table, implementation: str) -> list[tuple[float | None, float]]:
    row = next(row for row in table.rows if row.implementation == implementation)
    pairs = zip(table.columns, row.cells, strict=True)
    return [(_number(column), cell.median.value) for column, cell in pairs if cell.median]


def _number(value: object) -> float | None:
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None
    )


def _interpolated(
    points: Sequence[tuple[float | None, float]], size: float | None
) -> tuple[float, bool] | None:
    """Return the seconds of a call at a size, and whether the size lies beyond those of the points."""
    if size is None:
        return (points[-1][1], False) if points else None
    known = sorted((math.log(at), math.log(value)) for at, value in _positive(points))
    if not known:
        return None
    if len(known) == 1:
        return math.exp(known[0][1]), not math.isclose(known[0][0], math.log(size))
    x = math.log(size)
    place = next((i for i in range(1, len(known) - 1) if x <= known[i][0]), len(known) - 1)
    (x0, y0), (x1, y1) = known[place - 1], known[place]
    value = math.exp(y0 + (y1 - y0) * (x - x0) / (x1 - x0))
    return value, not known[0][0] - 1e-9 <= x <= known[-1][0] + 1e-9


def _positive(points: Iterable[tuple[float | None, float]]) -> Iterator[tuple[float, float]]:
    return ((at, value) for at, value in points if at is not None and 0 < value < math.inf)
