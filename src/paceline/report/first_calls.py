"""What the first call costs, and from how many calls on another implementation is the cheapest all told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from paceline.escape import markdown
from paceline.report import advice, call_times, words
from paceline.report.advice import Advice, Cost
from paceline.report.contents import Section, Table
from paceline.results.measurements import Scalar

_OF_ADVICE = ("runs", "best", "left_out", "doubts")


@dataclass(frozen=True)
class FirstCalls:
    """What one model's implementations cost at the last size of its first table, the cheapest start first.

    ``beside`` is the one that the others have to become cheaper than: the reference, where it was measured.
    """

    table: Table
    costs: tuple[Cost, ...]
    beside: Cost

    @property
    def at(self) -> Scalar:
        """The size of a call, or the last column of a table without sizes."""
        return call_times.last(self.table)


def first_calls(section: Section, references: Mapping[str, str | None]) -> list[FirstCalls]:
    """Return every model of which start-up was measured for at least two implementations."""
    found: dict[str, FirstCalls] = {}
    for table in section.tables:
        if table.model in found or not any(cell.median for cell in table.cells):
            continue
        told = _costs(section, table)
        if len(told) > 1:
            reference = references.get(table.model)
            beside = next((cost for cost in told if cost.implementation == reference), told[0])
            found[table.model] = FirstCalls(table, told, beside)
    return list(found.values())


def _costs(section: Section, table: Table) -> tuple[Cost, ...]:
    try:
        costs = advice.advice(section, table, call_times.last(table), 1).costs
    except ValueError:
        return ()
    known = (cost for cost in costs if cost.known)
    return tuple(sorted(known, key=lambda cost: (cost.start, cost.call)))


def heading(told: FirstCalls) -> tuple[str, ...]:
    """Return the heads of the table's columns, escaped."""
    beside = markdown(told.beside.implementation)
    return "implementation", "import", "first call", "one more call", f"cheaper than {beside} from"


def pays_from(told: FirstCalls, cost: Cost) -> str:
    """Say from how many calls on an implementation is cheaper all told than the one beside it."""
    if cost is told.beside:
        return "-"
    edge = advice.break_even(told.beside, cost)
    if cost.total(1) < told.beside.total(1):
        return (
            f"the first call, up to {calls(edge)}"
            if edge and cost.call > told.beside.call
            else "the first call"
        )
    return "never" if edge is None or cost.call > told.beside.call else f"call {calls(edge)}"


def calls(edge: float) -> str:
    """Return a break-even as people read it: two digits, for its parts were measured apart."""
    return words.size(int(float(f"{math.floor(edge) + 1:.2g}")))


def turns(told: FirstCalls) -> Iterator[str]:
    """Yield from how many calls on which one is the cheapest; and the same without a compiler."""
    yield from advice.turns(told.costs)
    plain = advice.without_compiler(told.costs)
    if 1 < len(plain) < len(told.costs):
        yield from (f"without a compiler: {line}" for line in advice.turns(plain))


def where(told: FirstCalls) -> str:
    """Say at which size: "gr6j at n = 36,500"."""
    table = told.table
    return f"{table.title} at {table.axis} = {advice.whole(told.at)}" if table.axis else table.title


def rows(told: FirstCalls) -> list[tuple[str, ...]]:
    """Return the cells of a table in Markdown, escaped."""
    return [
        (
            markdown(cost.implementation),
            *(words.seconds(value or 0.0) for value in (cost.load, cost.first, cost.call)),
            pays_from(told, cost),
        )
        for cost in told.costs
    ]


def document(told: FirstCalls) -> dict[str, object]:
    """Return the same for JSON."""
    whole = advice.document(Advice(told.table, told.at, 1, told.costs))
    return {
        **{key: value for key, value in whole.items() if key not in _OF_ADVICE},
        "beside": told.beside.implementation,
        "break_even": {cost.implementation: _edge(told, cost) for cost in told.costs},
    }


def _edge(told: FirstCalls, cost: Cost) -> float | None:
    """Return the break-even with the one beside: 0 where it is cheaper at once, None for never."""
    if cost is told.beside or cost.call > told.beside.call:
        return None
    return 0.0 if cost.total(1) < told.beside.total(1) else advice.break_even(told.beside, cost)


def drawable(found: Sequence[FirstCalls]) -> list[FirstCalls]:
    """Return those that a logarithmic figure can have."""
    return [told for told in found if all(cost.total(1) > 0 and cost.call > 0 for cost in told.costs)]
