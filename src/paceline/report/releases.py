"""Several commits beside one base: a table for a terminal, and Markdown for release notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rich.table import Table
from rich.text import Text

from paceline.escape import markdown, plain
from paceline.race.commits import PAIRED
from paceline.race.compared import Verdict
from paceline.report import comparison, words
from paceline.report.comparison import MARKS
from paceline.stats.ratio import Ratio, geometric_mean

QUIET = ("same", "skipped")
UNSURE = (*QUIET, "inconclusive", "unmeasured")
MOST_ROWS = 24
MOST_REASONS = 4
CHANGED = "**{}**"
HOW = (
    "All commits were measured in turns, in fresh processes, on one machine. Intervals hold the true ratio"
    " about 98 times in 100; in bold is what has surely changed."
)


@dataclass(frozen=True)
class Column:
    """One commit: a verdict for each case, its steps from the one before, and what else it changed."""

    name: str
    subject: str
    verdicts: Mapping[str, Verdict]
    steps: Mapping[str, Ratio] = field(default_factory=dict)
    also_changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Releases:
    """Commits that have raced one base, in the order in which they were named."""

    base: str
    subject: str
    columns: Sequence[Column]
    host: str = ""
    command: str = ""

    @property
    def cases(self) -> list[str]:
        """The names of all cases: what has changed the most first."""
        every = dict.fromkeys(name for column in self.columns for name in column.verdicts)
        return sorted(every, key=lambda name: min(self._ranks(name)))

    def notable(self, name: str) -> bool:
        """Tell whether a case is worth a look in some commit."""
        own = (column.verdicts[name] for column in self.columns if name in column.verdicts)
        return any(one.verdict not in QUIET or _answered(one) or one.warning for one in own)

    def _ranks(self, name: str) -> Iterator[tuple[int, float]]:
        return (column.verdicts[name].rank for column in self.columns if name in column.verdicts)


def named(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """Return verdicts by what their cases are called here: what is no time says so."""
    return {one.name if one.kind in PAIRED else f"{one.name} [{one.kind}]": one for one in verdicts}


def table(told: Releases, every: bool = False) -> Table | None:
    """Return a row a case, those worth a look; all of them with ``every``; None for nothing."""
    names = [name for name in told.cases if every or told.notable(name)]
    if not names:
        return None
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    made.add_column("case", overflow="fold")
    for column in told.columns:
        made.add_column(Text(f"{plain(column.name, 24)}\n/ {plain(told.base, 24)}"), no_wrap=True)
    for name in names if every else names[:MOST_ROWS]:
        made.add_row(Text(plain(name, 160)), *(_cell(column.verdicts.get(name)) for column in told.columns))
    return made


def lines(told: Releases, every: bool = False) -> Iterator[str]:
    """Yield what is told below the table: how many of each for every commit, and what is left out."""
    left = sum(map(told.notable, told.cases)) - MOST_ROWS
    if not every and left > 0:
        yield f"... and {left} more: --all shows every case"
    for column in told.columns:
        yield f"{plain(column.name)}: {_counts(column)}{_mean(column)}"
        yield from (f"  {line}" for line in comparison.answers(list(column.verdicts.values())))
        reasons = [f"{name}: {why}" for name, why in _reasons(column)]
        yield from (f"  {plain(reason, 300)}" for reason in reasons[:MOST_REASONS])
        if len(reasons) > MOST_REASONS:
            yield f"  and {len(reasons) - MOST_REASONS} more; --json FILE has all"


def document(told: Releases) -> str:
    """Return Markdown for release notes: what has changed in a table, all the rest folded away."""
    names = told.cases
    loud = [name for name in names if told.notable(name)]
    parts = [
        f"## Speed since {markdown(told.base)}",
        "",
        f"Time / time of {markdown(told.base)} ({markdown(told.subject, 120)}); below 1 is faster. {HOW}",
        "",
        *(line for column in told.columns for line in _about(column)),
        "",
        *(_rows(told, loud) if loud else ["No case has changed."]),
    ]
    quiet = [name for name in names if not told.notable(name)]
    if quiet:
        parts += [
            "",
            f"<details><summary>What is the same: {len(quiet)}</summary>",
            "",
            *_rows(told, quiet),
            "",
            "</details>",
        ]
    about = [f"- measured on {markdown(told.host, 200)}"] if told.host else []
    about += [f"- again: `{told.command}`"] if told.command and "`" not in told.command else []
    return "\n".join([*parts, *([""] if about else []), *about]) + "\n"


def _about(column: Column) -> Iterator[str]:
    yield f"- {markdown(column.name)} ({markdown(column.subject, 120)}): {_counts(column)}{_mean(column)}"
    for name, why in _reasons(column):
        yield f"- {markdown(column.name)}: {markdown(name, 160)}: {markdown(why, 200)}"
    for change in column.also_changed:
        yield f"- {markdown(column.name)} also changed: {markdown(change, 200)}"


def _rows(told: Releases, names: Sequence[str]) -> Iterator[str]:
    steps = [column for column in told.columns[1:] if column.steps]
    before = {
        column.name: previous.name for previous, column in zip(told.columns, told.columns[1:], strict=False)
    }
    heads = [
        *(column.name for column in told.columns),
        *(f"{one.name} / {before[one.name]}" for one in steps),
    ]
    yield f"| case | {' | '.join(map(markdown, heads))} |"
    yield f"|---|{'---|' * len(heads)}"
    for name in names:
        cells = [_written(column.verdicts.get(name)) for column in told.columns]
        cells += [_step(column.steps.get(name)) for column in steps]
        yield f"| {markdown(name, 160)} | {' | '.join(cells)} |"


def _cell(one: Verdict | None) -> Text:
    if one is None:
        return Text("no such case", style="dim")
    mark, style = MARKS[one.verdict]
    found = comparison.ratio(one)
    return Text(f"{found} {mark}" if found else mark, style=style)


def _written(one: Verdict | None) -> str:
    """Return a cell of Markdown: ratio, interval, verdict, and what must be known of them."""
    if one is None:
        return "-"
    found = comparison.ratio(one)
    told = f"{found} {one.verdict}" if found else one.verdict
    told = f"{told} in both" if one.both else told
    told = told if one.both or one.verdict in UNSURE else CHANGED.format(told)
    more = [f"answers: {one.answers}"] if _answered(one) else []
    more += [one.warning] if one.warning else []
    return "; ".join([told, *(markdown(each, 120) for each in more)])


def _step(ratio: Ratio | None) -> str:
    if ratio is None:
        return "-"
    return f"{ratio.value:.3f} ({words.interval(ratio)})" if ratio.low is not None else f"{ratio.value:.3f}"


def _answered(one: Verdict) -> bool:
    return one.answers not in ("identical", "unchecked")


def _reasons(column: Column) -> list[tuple[str, str]]:
    """Return why cases have no number, and who has accepted that others are slower."""
    found = [(name, one) for name, one in column.verdicts.items() if one.verdict not in QUIET]
    absent = [
        (name, f"{one.verdict}: {one.reason}") for name, one in found if one.reason and one.ratio is None
    ]
    return [*absent, *((name, f"accepted by {one.accepted}") for name, one in found if one.accepted)]


def _counts(column: Column) -> str:
    counts = Counter(one.verdict for one in column.verdicts.values())
    return ", ".join(f"{counts[word]} {word}" for word in MARKS if counts[word])


def _mean(column: Column) -> str:
    """Say the geometric mean of all timed cases, where there are several."""
    ratios = [one.ratio for one in column.verdicts.values() if one.kind in PAIRED and one.ratio]
    mean = geometric_mean(ratios) if len(ratios) > 1 else None
    return f"; geometric mean of {len(ratios)} times {mean:.3f}" if mean else ""
