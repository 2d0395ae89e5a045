"""A comparison of two commits as lines for a terminal: what is slower first, what is the same last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table
from rich.text import Text

from paceline.escape import plain
from paceline.race.answers import CHANGED, IDENTICAL, RELATIVE, UNCHECKED
from paceline.race.commits import PAIRED
from paceline.race.compared import Verdict
from paceline.race.work import Work
from paceline.report import words

MARKS = {
    "slower": ("▲ slower", "bold red"),
    "worse": ("▲ worse", "bold red"),
    "failed": ("✗ failed", "bold red"),
    "unmeasured": ("? unmeasured", "yellow"),
    "inconclusive": ("~ inconclusive", "yellow"),
    "removed": ("- removed", "yellow"),
    "changed": ("≠ changed", "yellow"),
    "faster": ("▼ faster", "bold green"),
    "better": ("▼ better", "bold green"),
    "new": ("+ new", "cyan"),
    "skipped": ("  skipped", "dim"),
    "same": ("= same", "dim"),
}
BLUNT = 0.05
MOST_ROWS = 16  # with what is told around the table these are 40 lines
MOST_NAMED = 3
BESIDE, NOTES = 43, 40  # columns that stand beside the case, and what the notes need
NARROW = 110  # columns: below it the notes stand under the case


def table(verdicts: Sequence[Verdict], width: int, every: bool = False) -> Table | None:
    """Return the cases worth a look, the worst first; all of them with ``every``; None for nothing."""
    rows = _rows(verdicts, every)
    if not rows:
        return None
    rows = rows if every else rows[:MOST_ROWS]
    wide = width >= NARROW
    room = width - BESIDE - (NOTES if wide else 0)
    cells = [(_what(row, room), notes(row[0])) for row in rows]
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("verdict", no_wrap=True)
    longest = max(len(line) for what, _ in cells for line in what.split("\n"))
    made.add_column("case", overflow="fold", min_width=min(longest, room))
    made.add_column("head / base", justify="right", no_wrap=True)
    made.add_column("pairs", justify="right", no_wrap=True)
    if wide:
        made.add_column("notes", overflow="fold")
    for row, (what, told) in zip(rows, cells, strict=True):
        one = row[0]
        mark, style = MARKS[one.verdict]
        case = Text(what) if wide or not told else Text(f"{what}\n").append(told, style="dim")
        after = [Text(told)] if wide else []
        made.add_row(Text(mark, style=style), case, ratio(one), str(one.pairs or ""), *after)
    return made


def lines(verdicts: Sequence[Verdict], floor: float | None, every: bool = False) -> Iterator[str]:
    """Yield what is told below the table: how many of each, and what could not be seen."""
    left = len(_rows(verdicts, every)) - MOST_ROWS
    if not every and left > 0:
        yield f"... and {left} more: --all shows every case"
    counts = Counter(one.verdict for one in verdicts)
    yield ", ".join(f"{counts[word]} {word}" for word in MARKS if counts[word]) + f" of {len(verdicts)} cases"
    yield from answers(verdicts)
    found = [one.detectable for one in verdicts if one.detectable is not None]
    if found and floor is not None:
        low, high = words.percent(min(found)), words.percent(max(found))
        span = low if low == high else f"{low} to {high}, by case"
        yield f"noise floor {words.percent(floor)} a pair; slow-downs found 19 times in 20: {span}"
    blunt = [name(one) for one in verdicts if (one.detectable or 0) > BLUNT]
    if blunt:
        more = f" and {len(blunt) - MOST_NAMED} more" if len(blunt) > MOST_NAMED else ""
        yield f"blunt, a slow-down of 5 % could be missed: {', '.join(blunt[:MOST_NAMED])}{more}"
    if any(one.warning for one in verdicts):
        yield (
            "some cases use several cores, and were measured on one with one thread:"
            " [compare] threads in paceline.toml gives them more"
        )


def answers(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield a line on what the timed calls returned; of what returns nothing it is unchecked."""
    told = [one.answers for one in verdicts if one.kind in PAIRED and one.ratio is not None]
    off = [float(one.removeprefix(RELATIVE)) for one in told if one.startswith(RELATIVE)]
    counts = [
        (told.count(IDENTICAL), "identical"),
        (len(off), f"within {RELATIVE}{max(off, default=0.0):.2g}"),
        (told.count(CHANGED), "changed"),
        (told.count(UNCHECKED), "unchecked"),
    ]
    if told:
        yield "answers: " + ", ".join(f"{count} {word}" for count, word in counts if count)


def name(one: Verdict) -> str:
    """Return a case's name, made safe for a terminal."""
    return plain(one.name, 160)


def ratio(one: Verdict) -> str:
    """Return the ratio with its interval; of numbers that are not paired the ratio alone."""
    if one.ratio is None:
        return ""
    if one.low is None or one.high is None:
        return f"{one.ratio:.3f}"
    return f"{one.ratio:.3f} ({one.low:.3f}-{one.high:.3f})"


def notes(one: Verdict) -> str:
    """Return what else is to be known of a case."""
    told = [f"accepted by {plain(one.accepted, 120)}"] if one.accepted else []
    told += [plain(one.reason, 200)] if one.reason else []
    if one.base is not None and one.head is not None:
        if one.kind == "peakmemory":
            told.append(f"{one.base / 2**20:.4g} MiB -> {one.head / 2**20:.4g} MiB")
        if one.kind == "track":
            told.append(f"{one.base:g} -> {one.head:g}")
    if one.detectable is not None and one.detectable > BLUNT:
        told.append(f"cannot see less than {words.percent(one.detectable)}")
    if one.answers not in ("identical", "unchecked"):
        told.append(f"answers: {one.answers}")
    if one.work and (one.work.ratio != 1.0 or one.verdict != "same"):
        told.append(_work(one.work))
    if one.warning:
        told.append(one.warning)
    return "; ".join(told)


def document(one: Verdict) -> dict[str, Any]:
    """Return a case for JSON."""
    return {
        "benchmark": one.benchmark,
        "kind": one.kind,
        "params": dict(one.params),
        "ratio": one.ratio,
        "low": one.low,
        "high": one.high,
        "pairs": one.pairs,
        "verdict": one.verdict,
        "confirmed": one.confirmed,
        "detectable": one.detectable,
        "base": one.base,
        "head": one.head,
        "answers": one.answers,
        "accepted": one.accepted,
        "reason": one.reason,
        "work": asdict(one.work) | {"ratio": one.work.ratio} if one.work else None,
        "warning": one.warning,
    }


def side(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a side (base or head) for JSON."""
    return {key: told[key] for key in ("commit", "label", "subject", "environment", "python") if key in told}


def _work(one: Work) -> str:
    """Say what a ratio is made of."""
    if one.ratio == 1.0:
        return f"the same work ({one.counter} {one.base:g}): all of it is cost"
    cost = f"{one.cost:.3f} ({one.low:.3f}-{one.high:.3f})"
    return f"work {one.ratio:.3f} ({one.counter} {one.base:g} -> {one.head:g}) x cost {cost}"


def _rows(verdicts: Sequence[Verdict], every: bool) -> list[list[Verdict]]:
    """Return the cases row by row; those of a benchmark without a number, for one reason, share a row."""
    rows: dict[object, list[Verdict]] = {}
    for one in sorted(verdicts, key=lambda one: one.rank):
        alone = every or one.ratio is not None or one.base is not None
        key = name(one) if alone else (one.benchmark, one.verdict, one.reason)
        if every or _notable(one):
            rows.setdefault(key, []).append(one)
    return list(rows.values())


def _what(row: Sequence[Verdict], width: int) -> str:
    """Return what a row is about; the parameters on a line of their own where they would be torn apart."""
    if len(row) > 1:
        return f"{plain(row[0].benchmark, 160)} ({len(row)} cases)"
    whole = name(row[0])
    benchmark = plain(row[0].benchmark, 160)
    if len(whole) <= width or not whole.startswith(f"{benchmark}("):
        return whole
    return f"{benchmark}\n{whole[len(benchmark) :]}"


def _notable(one: Verdict) -> bool:
    sound = one.verdict in ("same", "skipped") and one.answers in ("identical", "unchecked")
    return not sound or bool(one.warning)
