"""Two places side by side as Markdown, as JSON, and as heat-maps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from matplotlib.figure import Figure

from paceline.escape import figure as safe
from paceline.escape import markdown, slug
from paceline.report import heatmap, sources, words
from paceline.report.contents import Cell
from paceline.report.contrast import HIGHER, HOLDS, LOWER, Contrast, Match, Met, Place, speeds
from paceline.report.heatmap import EVEN, Square
from paceline.report.markdown import grid
from paceline.stats.ratio import Ratio

UNPAIRED = (
    "Times of two places are unpaired: each was measured where it was, and whatever differs between the two "
    "is in their quotient. Below 10 % it says nothing."
)
PAIRED = (
    "Ratios to a baseline were measured within each place. Their shift (ratio there / ratio here) says "
    "whether implementations compare with each other as they do here: it holds, is lower or higher there, or "
    "is open."
)
MOST = 12  # lines of what differs most


def title(found: Contrast) -> str:
    """Return the page's title, unescaped."""
    names = f"{found.first.name} and {found.second.name}"
    return f"{names} side by side" if found.kind == "machines" else f"{names}: before and after a change"


def document(found: Contrast, folder: str) -> str:
    """Return the whole page; ``folder`` is where its figures are, seen from it."""
    return "\n".join(_lines(found, folder)) + "\n"


def _lines(found: Contrast, folder: str) -> Iterator[str]:
    yield from (f"# {markdown(title(found), 200)}", "", f"> {UNPAIRED}", ">", f"> {PAIRED}", "")
    yield from (f"- {markdown(line, 300)}" for line in told(found))
    yield from ("", "## What differs", "")
    rows = [tuple(markdown(cell, 160) for cell in row) for row in found.differs]
    heading = ("", markdown(found.first.name), markdown(found.second.name))
    yield from grid(heading, rows) if rows else ("Nothing that was recorded.",)
    yield ""
    for place in (found.first, found.second):
        yield f"- noise floor of {markdown(place.name)}: {markdown(sources.floor(place.section), 200)}"
        yield from (
            f"- {markdown(place.name)}: {markdown(line, 500)}" for line in sources.paired(place.section)
        )
    if not found.matches:
        yield from ("", "No case was measured in both.")
    for family in found.families:
        yield from ("", f"## Family {markdown(family)}", "", *_speeds(found, family))
        yield from ("", f"![{markdown(family)}: times of both]({folder}/{stem(family)}.svg)")
        for match in found.matches:
            if match.family == family:
                yield from ("", *_match(found, match))


def stem(family: str) -> str:
    """Return the name of a family's heat-map, without its ending."""
    return slug(f"heat-{family}")


def told(found: Contrast) -> Iterator[str]:
    """Yield in sentences what differs, unescaped: each family's speed, then the ratios that shifted most."""
    for family in found.families:
        own = [speed for speed in speeds(found) if speed.family == family]
        values = [speed.value for speed in own]
        low, high = min(values), max(values)
        span = _times(low) if high / low < 1.05 else f"{_times(low)} to {_times(high)}"
        yield f"{family}: {found.second.name} takes {span} the time of {found.first.name}, by implementation"
    shifts = [(match, met) for match in found.matches for met in match.met if _shifted(match, met)]
    shifts.sort(key=lambda one: -_size(one[1].shift))
    for match, met in shifts[:MOST]:
        here, there = (cell.ratio.value for cell in (met.first, met.second) if cell and cell.ratio)
        factor = words.three_digits(met.shift.value) if met.shift else ""
        ratios = f"{words.three_digits(here)} here, {words.three_digits(there)} there"
        case = f"{match.title}{_column(match, met)}"
        yield f"{case}: {met.implementation} / {match.baseline} is {met.verdict} there: {ratios} ({factor}x)"
    if len(shifts) > MOST:
        yield f"and {len(shifts) - MOST} more ratios that are others there"
    holding = sum(met.verdict == HOLDS for match in found.matches for met in match.met if _judged(match, met))
    judged = sum(_judged(match, met) for match in found.matches for met in match.met)
    if judged:
        yield f"{holding} of {judged} ratios hold, {len(shifts)} differ, the rest is open"


def _shifted(match: Match, met: Met) -> bool:
    return met.verdict in (LOWER, HIGHER) and _judged(match, met)


def _judged(match: Match, met: Met) -> bool:
    return bool(met.verdict) and met.implementation != match.baseline and match.baseline is not None


def _size(shift: Ratio | None) -> float:
    return max(shift.value, 1 / shift.value) if shift else 0.0


def _times(value: float) -> str:
    return f"{words.three_digits(value)}x"


def _column(match: Match, met: Met) -> str:
    return f", {match.axis} = {words.size(met.column)}" if match.axis else ""


def _speeds(found: Contrast, family: str) -> Iterator[str]:
    here, there = (markdown(place.name) for place in (found.first, found.second))
    yield from (f"**Geometric mean of time in {there} / time in {here}; below 1, {there} is faster**", "")
    rows = [
        (markdown(one.implementation), f"{words.three_digits(one.value)} ‡", str(one.models), str(one.cases))
        for one in speeds(found)
        if one.family == family
    ]
    yield from grid(("implementation", "geometric mean", "models", "cases"), rows)


def _match(found: Contrast, match: Match) -> Iterator[str]:
    here, there = (markdown(place.name) for place in (found.first, found.second))
    yield from (f"### {markdown(match.title, 200)}: time in {there} / time in {here}", "")
    heads = [f"{match.axis} = {words.size(column)}" for column in match.columns] if match.axis else ["all"]
    rows = [
        (markdown(name or match.benchmark), *("<br>".join(map(markdown, _cell(match, met))) for met in row))
        for name, row in match.rows.items()
    ]
    yield from grid(("implementation", *map(markdown, heads)), rows)
    if match.baseline is None:
        yield from ("", "- the two have different baselines: their ratios are not compared")
    else:
        yield from (
            "",
            f"- second lines: time / time of {markdown(match.baseline)}, in {here} and in {there}",
        )


def _cell(match: Match, met: Met) -> Iterator[str]:
    """Yield a cell's lines: the quotient of the times with both, then both ratios and what became of them."""
    times = [words.seconds(cell.least.value) for cell in (met.first, met.second) if cell and cell.least]
    if met.time is None:
        yield "; ".join(_absence(cell) for cell in (met.first, met.second))
        return
    yield f"{words.three_digits(met.time.value)} ‡ ({' → '.join(times)})"
    if _judged(match, met):
        ratios = [
            words.three_digits(cell.ratio.value) for cell in (met.first, met.second) if cell and cell.ratio
        ]
        yield f"{' → '.join(ratios)} {met.verdict}"


def _absence(cell: Cell | None) -> str:
    if cell is None:
        return "unmeasured"
    return words.seconds(cell.least.value) if cell.least else cell.status


def heat(found: Contrast, family: str) -> Figure:
    """Draw time there / time here of every case and implementation of a family."""
    own = [match for match in found.matches if match.family == family]
    names = list(dict.fromkeys(name for match in own for name in match.rows))
    whole = sum(len(match.columns) for match in own) <= heatmap.MOST
    rows: dict[str, list[Square | None]] = {}
    for match in own:
        for place, column in list(enumerate(match.columns))[slice(None) if whole else slice(-1, None)]:
            label = f"{match.title}, {match.axis} = {words.size(column)}" if match.axis else match.title
            rows[label] = [_square(match.rows[name][place]) if name in match.rows else None for name in names]
    here, there = safe(found.first.name, 40), safe(found.second.name, 40)
    what = f"time in {there} / time in {here} (the baseline), unpaired; below 1, {there} is faster"
    caption = f"{_where(found.first)}\n{_where(found.second)}; ▼ faster, ▲ slower, ≈ within 10 %"
    return heatmap.drawn(safe(family, 60), what, names, rows, caption)


def _square(met: Met) -> Square | None:
    if met.time is None:
        return Square(None, word="no ratio") if met.first or met.second else None
    claimed = not 1 / words.UNPAIRED_BELOW < met.time.value < words.UNPAIRED_BELOW
    return Square(met.time.value, heatmap.arrow(met.time.value) if claimed else EVEN)


def _where(place: Place) -> str:
    section = place.section
    cpu = section.run.machine.cpu or "processor not recorded"
    return safe(f"{place.name}: {cpu}, commit {', '.join(section.commits)}", 110)


def data(found: Contrast) -> dict[str, Any]:
    """Return the page for programs (schema 1)."""
    return {
        "schema": 1,
        "kind": found.kind,
        "paired": False,
        "first": _place(found.first),
        "second": _place(found.second),
        "differs": [dict(zip(("what", "first", "second"), row, strict=True)) for row in found.differs],
        "said": list(told(found)),
        "means": [
            {
                "family": one.family,
                "implementation": one.implementation,
                "time": one.value,
                "models": one.models,
                "cases": one.cases,
            }
            for one in speeds(found)
        ],
        "cases": [_case(match, met) for match in found.matches for met in match.met],
        "exits": [],
    }


def _place(place: Place) -> dict[str, Any]:
    run = place.section.run
    return {
        "name": place.name,
        "machine": run.machine.name,
        "cpu": run.machine.cpu or None,
        "environment": run.environment,
        "commits": list(place.section.commits),
        "noise_floor": place.section.detectable[1] if place.section.detectable else None,
    }


def _case(match: Match, met: Met) -> dict[str, Any]:
    axes = dict(match.fixed) | ({match.axis: met.column} if match.axis else {})
    judged = _judged(match, met)
    return {
        "model": match.model,
        "family": match.family,
        "benchmark": match.benchmark,
        "baseline": match.baseline,
        "axes": axes,
        "implementation": met.implementation,
        "first": _side(met.first),
        "second": _side(met.second),
        "time": _ratio(met.time),
        "shift": _ratio(met.shift) if judged else None,
        "verdict": met.verdict if judged else "",
    }


def _side(cell: Cell | None) -> dict[str, Any]:
    if cell is None:
        return {"status": "unmeasured", "source": "", "seconds": None, "ratio": None}
    seconds = cell.least.value if cell.least else None
    return {"status": cell.status, "source": cell.source, "seconds": seconds, "ratio": _ratio(cell.ratio)}


def _ratio(found: Ratio | None) -> dict[str, float | None] | None:
    return {"value": found.value, "low": found.low, "high": found.high} if found else None
