"""A comparison of two commits as lines for a terminal: what is slower first, what is the same last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from paceline.race.compared import Verdict
from paceline.report.escape import plain

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
MOST_ROWS = 60


def table(verdicts: Sequence[Verdict], every: bool = False) -> Table | None:
    """Return the cases worth a look, the worst first; all of them with ``every``; None for nothing."""
    shown = [one for one in sorted(verdicts, key=lambda one: one.rank) if every or _notable(one)]
    if not shown:
        return None
    made = Table(box=None, pad_edge=False, header_style="bold")
    made.add_column("verdict", no_wrap=True)
    made.add_column("case", overflow="fold")
    made.add_column("head / base", justify="right", no_wrap=True)
    made.add_column("pairs", justify="right", no_wrap=True)
    made.add_column("notes", overflow="fold")
    for one in shown if every else shown[:MOST_ROWS]:
        mark, style = MARKS[one.verdict]
        made.add_row(
            Text(mark, style=style), Text(name(one)), Text(ratio(one)), str(one.pairs or ""), Text(notes(one))
        )
    return made


def lines(verdicts: Sequence[Verdict], every: bool = False) -> Iterator[str]:
    """Yield what is told below the table: how many of each, and what could not be seen."""
    notable = sum(map(_notable, verdicts))
    if not every and notable > MOST_ROWS:
        yield f"... and {notable - MOST_ROWS} more: --all shows every case"
    counts = Counter(one.verdict for one in verdicts)
    yield ", ".join(f"{counts[word]} {word}" for word in MARKS if counts[word]) + f" of {len(verdicts)} cases"
    blunt = sum((one.detectable or 0) > BLUNT for one in verdicts)
    if blunt:
        yield f"{blunt} of them blunt: a slow-down of 5 % could be missed there"


def name(one: Verdict) -> str:
    """Return a case's name, made safe for a terminal."""
    told = ", ".join(f"{key}={value}" for key, value in one.params.items())
    return plain(f"{one.benchmark}({told})" if told else one.benchmark, 160)


def ratio(one: Verdict) -> str:
    """Return the ratio with its interval; of numbers that are not paired both sides."""
    if one.ratio is None:
        return ""
    if one.low is None or one.high is None:
        return f"{one.ratio:.3f}"
    return f"{one.ratio:.3f} ({one.low:.3f}-{one.high:.3f})"


def notes(one: Verdict) -> str:
    """Return what else is to be known of a case."""
    told = [plain(one.reason, 200)] if one.reason else []
    if one.kind == "peakmemory" and one.base is not None and one.head is not None:
        told.append(f"{one.base / 2**20:.4g} MiB -> {one.head / 2**20:.4g} MiB")
    if one.kind == "track" and one.base is not None and one.head is not None:
        told.append(f"{one.base:g} -> {one.head:g}")
    if (one.detectable or 0) > BLUNT:
        told.append(f"cannot see less than {one.detectable:.1%}")
    if one.answers not in ("identical", "unchecked"):
        told.append(f"answers: {one.answers}")
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
        "reason": one.reason,
    }


def side(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a side (base or head) for JSON."""
    return {key: told[key] for key in ("commit", "label", "subject", "environment", "python") if key in told}


def _notable(one: Verdict) -> bool:
    quiet = one.verdict in ("same", "skipped") and one.answers in ("identical", "unchecked")
    return not quiet or (one.detectable or 0) > BLUNT
