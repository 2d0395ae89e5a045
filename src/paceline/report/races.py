"""What races found, for a terminal: tables, sentences, and what must be known to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from rich.table import Table
from rich.text import Text

from paceline.escape import plain
from paceline.race.contenders import Absence, Race
from paceline.race.tally import Result
from paceline.report import words
from paceline.stats.ratio import Ratio
from paceline.stats.verdict import Estimate

STYLES = {"faster": "green", "slower": "red", "same": "cyan", "inconclusive": "yellow"}
GAP = 2  # blanks between columns


@dataclass(frozen=True)
class Outcome:
    """What became of one race.

    ``baseline`` says why the baseline was not fit, where it was not. ``setup`` says why setup ran before
    every call; ``answers``, ``notes`` and ``warnings`` are by contender's name.
    """

    race: Race
    results: tuple[Result, ...]
    floor: float
    setup: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    baseline: Absence | None = None
    warnings: Mapping[str, str] = field(default_factory=dict)

    @property
    def baseline_seconds(self) -> float | None:
        """A call of the baseline: the median over the contenders' pairs."""
        known = [one.baseline_seconds for one in self.results if one.baseline_seconds is not None]
        return median(known) if known else None

    @property
    def at(self) -> str:
        """The case as people read it: "n = 3,650, snow = plain"; empty without axes."""
        return ", ".join(_axes(self.race))


def tables(outcomes: Sequence[Outcome], width: int) -> list[tuple[str, Table]]:
    """Return a titled table for every model, or several where its sizes do not fit side by side."""
    return [
        (_title(columns[0].race, part), _table(columns, names, one_line))
        for own in by_model(outcomes)
        for names in [_names(own)]
        for one_line, parts in [_parts(own, names, width)]
        for part, columns in enumerate(parts)
    ]


def by_model(outcomes: Sequence[Outcome]) -> list[list[Outcome]]:
    """Group outcomes that share a table: a model's, against one baseline."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for one in outcomes:
        groups.setdefault((one.race.shown, one.race.baseline.name), []).append(one)
    return list(groups.values())


def sentence(outcome: Outcome) -> str:
    """Say a race in a sentence, the fastest contender first."""
    race = outcome.race
    known = [one for one in outcome.results if one.estimate and one.status == "ok"]
    known.sort(key=lambda one: one.estimate.value if one.estimate else 0.0)
    at = where(outcome)
    if not known and any(one.estimate for one in outcome.results):
        return f"{plain(race.shown)}: not measured to the end{at}"
    if not known:
        return f"{plain(race.shown)}: nothing was measured against {plain(race.baseline.name)}{at}"
    first, *rest = (_said(one, race) for one in known)
    told = "; ".join([f"{first.full} {plain(race.baseline.name)} {first.end}{at}", *map(str, rest)])
    return f"{plain(race.shown)}: {told}"


def ratio(estimate: Estimate) -> Ratio:
    """Return an estimate as the ratio that is shown."""
    return Ratio(estimate.ratio, estimate.low, estimate.high)


def word(result: Result) -> str:
    """Return the one word for what became of a contender; "so far" for one that has not ended."""
    if result.status != "ok":
        return "so far" if result.estimate else result.status
    return result.verdict


def _axes(race: Race) -> tuple[str, ...]:
    return tuple(f"{name} = {words.size(value)}" for name, value in race.axes.items())


def _names(own: Sequence[Outcome]) -> list[str]:
    return list(dict.fromkeys(one.name for outcome in own for one in outcome.results))


def _parts(own: Sequence[Outcome], names: Sequence[str], width: int) -> tuple[bool, list[list[Outcome]]]:
    """Return whether cells stand on one line, and the columns of each table that fits the width."""
    first = max(map(len, [plain(own[0].race.baseline.name), *map(plain, names)]))
    for one_line in (True, False):
        widths = [_width(outcome, names, one_line) + GAP for outcome in own]
        if first + sum(widths) <= width:
            return one_line, [list(own)]
    parts: list[list[Outcome]] = [[]]
    left = width - first
    for outcome, needed in zip(own, widths, strict=True):
        if parts[-1] and needed > left:
            parts.append([])
            left = width - first
        parts[-1].append(outcome)
        left -= needed
    return False, parts


def _width(outcome: Outcome, names: Sequence[str], one_line: bool) -> int:
    cells = [_cell(outcome, name, one_line).plain for name in names]
    return max(len(line) for text in [*cells, _heading(outcome)] for line in text.split("\n"))


def _title(race: Race, part: int) -> str:
    more = " (continued)" if part else ""
    return f"{plain(race.shown)}: time / time of {plain(race.baseline.name)}; below 1 is faster{more}"


def _table(columns: Sequence[Outcome], names: Sequence[str], one_line: bool) -> Table:
    race = columns[0].race
    shown = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="dim")
    shown.add_column("", overflow="fold")
    for one in columns:
        shown.add_column(Text(_heading(one)), overflow="fold")
    shown.add_row(Text(plain(race.baseline.name)), *(_base(one) for one in columns))
    for name in names:
        shown.add_row(Text(plain(name)), *(_cell(one, name, one_line) for one in columns))
    return shown


def _heading(outcome: Outcome) -> str:
    return "\n".join(map(plain, _axes(outcome.race))) or "ratio"


def _base(outcome: Outcome) -> Text:
    seconds = outcome.baseline_seconds
    if seconds is not None:
        return Text(f"1 = {words.seconds(seconds)}")
    return Text(outcome.baseline.status if outcome.baseline else "unmeasured", style="dim")


def _cell(outcome: Outcome, name: str, one_line: bool) -> Text:
    result = next((one for one in outcome.results if one.name == name), None)
    if result is None:
        return Text("no such case", style="dim")
    if not result.estimate:
        return Text(result.status, style="dim")
    told = words.ratio(ratio(result.estimate))
    if not one_line:
        value, _, rest = told.partition(" ")
        return Text(f"{value} {word(result)}\n{rest}", style=STYLES.get(word(result), ""))
    return Text(f"{told} {word(result)}", style=STYLES.get(word(result), ""))


@dataclass(frozen=True)
class _Phrase:
    """How a contender compares: ``full`` up to the baseline's name, or in ``short``; then ``end``."""

    full: str
    short: str
    end: str

    def __str__(self) -> str:
        return f"{self.short} {self.end}"


def _said(result: Result, race: Race) -> _Phrase:
    assert result.estimate is not None
    told, between = words.factor(ratio(result.estimate))
    name, span = plain(result.name), interval(result.estimate)
    if result.verdict == "same":
        end = f"{words.within(race.threshold)} ({span})"
        return _Phrase(f"{name} is as fast as", f"{name} as fast", end)
    if result.verdict == "inconclusive":
        return _Phrase(f"{name} is undecided against", f"{name} undecided", f"(ratio {span})")
    return _Phrase(f"{name} runs {told} than", f"{name} {told}", f"({between})")


def interval(estimate: Estimate) -> str:
    """Return an estimate's interval as it is shown."""
    return words.interval(ratio(estimate))


def where(outcome: Outcome) -> str:
    """Say at which case, after a name: " at n = 365"; empty without axes."""
    return f" at {plain(outcome.at)}" if outcome.at else ""
