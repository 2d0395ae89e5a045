"""A report as Markdown that renders on GitHub: one document, with links to the figures beside it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from paceline.escape import markdown
from paceline.report import (
    ablations,
    cells,
    crossings,
    doubts,
    first_calls,
    heatmap,
    losses,
    places,
    precision,
    provenance,
    shares,
    words,
)
from paceline.report.ablations import Ablation
from paceline.report.contents import Mean, Report, Section, Table
from paceline.report.shares import Share
from paceline.report.sources import UNPAIRED as UNPAIRED_MARK

INCOMPLETE = "§"
PAIRED = (
    "Ratios are paired: `paceline race` measured the implementations in turns, a few milliseconds apart, in "
    "fresh processes for every pair. An interval holds the true ratio about 98 times in 100."
)
UNPAIRED = (
    f"Ratios with {UNPAIRED_MARK} are unpaired: asv timed every implementation in a run of its own, "
    "one after the other. Each interval (about 99 %) covers what varied within those runs, not what changed "
    "on the host between them; a small ratio may be nothing but that."
)
FIRST_CALLS = (
    "Seconds of a fresh process that has imported NumPy and SciPy, without a JIT cache. All told, n calls "
    "cost import + first call + n x a further call."
)
WORTH = (
    "Time without a change / time with it: above 1, the change makes things faster. Two ratios to one "
    "baseline are divided; the interval adds those of both. A case is as claimed, or is not, "
    "where its whole interval says so; else it is open."
)
SHARES = (
    "Bytes that must be read or written once, over the time, over what this machine was measured to move at "
    "most at that size."
)


def document(report: Report) -> str:
    """Return the whole summary."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield from ("# Benchmarks", "")
    raced = any(section.raced for section in report.sections)
    if raced:
        yield from (
            (f"> {PAIRED}", ">") if any(section.unpaired for section in report.sections) else (f"> {PAIRED}",)
        )
    if not raced or any(section.unpaired for section in report.sections):
        yield f"> {UNPAIRED}"
    yield ""
    yield "A ratio is a time / the time of the baseline that its title names; below 1 is faster."
    pictured = places.pictured(report)
    for place, folder in places.folders(report).items():
        yield from ("", *_section(report.sections[place], folder, report, pictured[place]))
    if report.warnings:
        yield from ("", "## Warnings", "")
        yield from (f"- {markdown(warning, 300)}" for warning in report.warnings)


def _section(section: Section, folder: str, report: Report, pictured: Sequence[Table]) -> Iterator[str]:
    yield from (f"## {markdown(section.run.machine.name)}, {markdown(section.run.environment)}", "")
    yield from provenance.lines(section)
    yield from _losses(section, report)
    drawable = sum(map(places.drawable, section.tables))
    if len(pictured) < drawable:
        told = (
            f"figures by size: {len(pictured)} of {drawable} tables have them; name models to see the others"
        )
        yield from ("", f"- {told}")
    drawn = {id(table) for table in pictured}
    for family in section.families:
        yield from ("", f"### Family {markdown(family)}", "")
        yield from _family(section, family, folder, report, drawn)
    yield from _first_calls(section, folder, report)
    if section.startup:
        yield from ("", "### Start-up")
        for table in section.startup:
            yield from ("", *_table(table))


def _losses(section: Section, report: Report) -> Iterator[str]:
    """Say where implementations are slower than their baselines, by their races."""
    if section.raced:
        found = [f"- {markdown(line, 300)}" for line in losses.told(section, report)]
        yield from ("", "### Where do I lose?", "", losses.BY, "", *found)


def _first_calls(section: Section, folder: str, report: Report) -> Iterator[str]:
    """Say what the first call costs, and from how many calls on it is made good."""
    found = first_calls.first_calls(section, report.references)
    if not found:
        return
    drawable = first_calls.drawable(found)
    yield from ("", "### What the first call costs", "", FIRST_CALLS)
    for told in found:
        yield from ("", f"**{markdown(first_calls.where(told), 200)}**", "")
        yield from grid(first_calls.heading(told), first_calls.rows(told))
        lines = [f"- {markdown(line, 200)}" for line in first_calls.turns(told)]
        yield from ("", *lines) if lines else ()
        if told in drawable:
            path = f"figures/{folder}/{places.stem(told.table)}-calls.svg"
            yield from ("", f"![{markdown(told.table.title)}: time all told by number of calls]({path})")


def _family(
    section: Section, family: str, folder: str, report: Report, drawn: Container[int]
) -> Iterator[str]:
    tables = [table for table in section.tables if table.family == family]
    memory = [table for table in section.memory if table.family == family]
    for table in tables:
        said = (*cells.sentences(table), cells.no_sentence(table))[0]
        yield f"- **{markdown(table.subject)}**: {markdown(said, 300)}"
    means = [mean for mean in section.means if mean.family == family]
    if means:
        yield from ("", *_means(means))
    yield from _heat(section, family, folder)
    yield from _ablations(section, family, report)
    yield from _shares(section, family, report)
    tracked = [table for table in section.tracked if table.family == family]
    by_error = {id(one.table) for one in precision.precisions(section)}
    for name in dict.fromkeys(table.name for table in (*tables, *memory, *tracked)):
        for table in tables:
            if table.name == name:
                yield from ("", *_model(table, folder, id(table) in drawn))
                if id(table) in by_error:
                    path = f"figures/{folder}/{places.stem(table)}-error.svg"
                    yield from ("", f"![{markdown(table.title)}: time by error]({path})")
        for table in (*memory, *tracked):
            if table.name == name:
                yield from ("", *_table(table))


def _heat(section: Section, family: str, folder: str) -> Iterator[str]:
    for sheet in heatmap.sheets(section):
        if sheet.family == family:
            path = f"figures/{folder}/{places.heat_stem(sheet.title, sheet.baseline)}.svg"
            what = f"{sheet.title}: time / time of {sheet.baseline} of every case and implementation"
            yield from ("", f"![{markdown(what, 200)}]({path})")


def _ablations(section: Section, family: str, report: Report) -> Iterator[str]:
    """Say what each change is worth, beside what is claimed of it."""
    found = [one for one in ablations.ablations(section, report.claims) if one.family == family]
    if not found:
        return
    yield from ("", "#### What each change is worth", "", WORTH, "")
    heading = ("change", "model", "without / with", "said to be worth", "measured", "so it is")
    yield from grid(heading, [tuple(_ablation(one)) for one in found])
    said = dict.fromkeys(one.claim.source for one in found if one.claim.source)
    if said:
        yield from ("", *(f"- said in: {markdown(source, 300)}" for source in said))


def _shares(section: Section, family: str, report: Report) -> Iterator[str]:
    """Say what share of the machine's bandwidth each implementation reaches, at the largest size."""
    found = [one for one in shares.shares(section, report.limit) if one.table.family == family]
    if found:
        heading = ("workload", "size", "at most", "share of it, the best first")
        yield from (
            "",
            "#### Share of the machine's bandwidth",
            "",
            SHARES,
            "",
            *grid(heading, [_share(one) for one in found]),
        )
    if any(doubts.unsteady(one.table) for one in found):
        yield from ("", f"- times of some are {doubts.UNSTEADY}")


def _share(one: Share) -> tuple[str, ...]:
    reached = ", ".join(f"{name} {share:.0%}" for name, share in one.reached)
    size = int(one.size) if one.size.is_integer() else one.size
    return (
        markdown(one.table.title, 120),
        f"{markdown(one.table.axis)} = {words.size(size)}",
        f"{one.limit / 1e9:.3g} GB/s",
        markdown(reached, 400),
    )


def _ablation(one: Ablation) -> Iterator[str]:
    claim = one.claim
    yield markdown(claim.change, 120)
    titles = dict.fromkeys(worth.title for worth in one.cases)
    yield markdown(next(iter(titles)) if len(titles) == 1 else claim.model)
    yield f"{markdown(claim.without)} / {markdown(claim.with_)}"
    yield markdown(ablations.claimed(claim), 120)
    yield "<br>".join(markdown(line, 160) for line in ablations.measured(one.cases)) or "not measured"
    yield ablations.verdict(one) or "-"


def _model(table: Table, folder: str, drawn: bool) -> Iterator[str]:
    yield from (f"#### {markdown(cells.heading(table), 200)}", "")
    sentences = cells.sentences(table)
    if sentences:
        crossed = crossings.sentences(table)
        yield from (*(f"- {markdown(sentence, 300)}" for sentence in (*sentences, *crossed)), "")
    yield from _grid(table)
    if drawn:
        path = f"figures/{folder}/{places.stem(table)}"
        yield from ("", f"![{markdown(table.title)}: time by {markdown(table.axis)}]({path}-time.svg)")
        yield f"![{markdown(table.title)}: ratio by {markdown(table.axis)}]({path}-ratio.svg)"


def _means(means: Sequence[Mean]) -> Iterator[str]:
    for baseline in dict.fromkeys(mean.baseline for mean in means):
        own = [mean for mean in means if mean.baseline == baseline]
        yield f"**Geometric mean of time / time of {markdown(baseline)}; every model has one weight**"
        yield ""
        yield from grid(
            ("implementation", "geometric mean", "models", "cases"), [_mean(mean) for mean in own]
        )
        notes = [
            f"{INCOMPLETE} cases are missing: such a mean is not over the same cases as the others"
            if not all(mean.whole for mean in own)
            else "",
            f"{UNPAIRED_MARK} some of its ratios are asv's, unpaired"
            if any(mean.unpaired for mean in own)
            else "",
        ]
        if any(notes):
            yield from ("", *(f"- {note}" for note in notes if note))


def _mean(mean: Mean) -> tuple[str, ...]:
    marks = (INCOMPLETE if not mean.whole else "") + (UNPAIRED_MARK if mean.unpaired else "")
    return (
        markdown(mean.implementation),
        f"{words.three_digits(mean.value)} {marks}".strip(),
        f"{mean.models} of {mean.of_models}",
        f"{mean.cases} of {mean.of_cases}",
    )


def _table(table: Table) -> Iterator[str]:
    yield from (f"**{markdown(cells.heading(table), 200)}**", "", *_grid(table))


def _grid(table: Table) -> Iterator[str]:
    rows = [
        (
            markdown(row.implementation or table.function),
            *(
                "<br>".join(markdown(line, 160) for line in cells.lines(table, row, cell))
                for cell in row.cells
            ),
        )
        for row in table.rows
    ]
    yield from grid(("implementation", *(markdown(column) for column in cells.columns(table))), rows)
    notes = list(cells.notes(table))
    if notes:
        yield from ("", *(f"- {markdown(note, 300)}" for note in notes))


def grid(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a Markdown table of escaped cells, padded so that its source can be read too."""
    widths = [max(map(len, column)) for column in zip(heading, *rows, strict=True)]
    yield _row(heading, widths)
    rules = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    yield f"| {' | '.join(rules)} |"
    yield from (_row(row, widths) for row in rows)


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = row
    padded = [
        first.ljust(widths[0]),
        *(text.rjust(width) for text, width in zip(others, widths[1:], strict=True)),
    ]
    return f"| {' | '.join(padded)} |"
