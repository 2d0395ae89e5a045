"""From the steps of a comparison to a Markdown table. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from scipy.stats import beta

LEVEL = 0.95
HEADINGS = (
    "tool and rule", "cases", "called slower", "per 100", "called faster", "cases", "found", "per 100",
    "seconds a repetition", "steps failed",
)  # fmt: skip
PROSE = (
    "The same five kernels, 1 to 5 ms a call. Left: base against identical code (a comment changed); what",
    "is called slower there is a false alarm. Right: base against 5 % more rounds of every kernel; all",
    "should be found. The tools took turns in random order. In brackets: Clopper-Pearson bounds, 95 %,",
    "one-sided. Seconds: median over repetitions of both comparisons together; environments were made once,",
    "before, and are not counted. What paceline installs while it compares is counted.",
)


@dataclass(frozen=True)
class Tally:
    """What one rule did: on identical code, on code that is 5 % slower, and how long its tool took.

    ``faster`` is None where the tool never calls anything faster; ``seconds`` None where no repetition is
    whole.
    """

    rule: str
    identical: int
    alarms: int
    faster: int | None
    slower: int
    found: int
    seconds: float | None
    failed: int


def upper(hits: int, trials: int) -> float:
    """Return the one-sided Clopper-Pearson upper bound of a rate; 1 where nothing was tried."""
    return 1.0 if hits >= trials else float(beta.ppf(LEVEL, hits + 1, trials - hits))


def lower(hits: int, trials: int) -> float:
    """Return the one-sided Clopper-Pearson lower bound of a rate; 0 where nothing was tried."""
    return 0.0 if hits == 0 else float(beta.ppf(1 - LEVEL, hits, trials - hits + 1))


def tally(rule: str, tool: str, steps: Sequence[Mapping[str, Any]], cases: int) -> Tally:
    """Count what one rule said in all steps of its tool."""
    mine = [step for step in steps if step["tool"] == tool]
    done = [step for step in mine if "failed" not in step]
    said = {
        trial: [step["judged"][rule] for step in done if step["trial"] == trial]
        for trial in ("identical", "slower")
    }
    faster = [one["faster"] for one in said["identical"]]
    return Tally(
        rule=rule,
        identical=cases * len(said["identical"]),
        alarms=sum(len(one["slower"]) for one in said["identical"]),
        faster=None if None in faster else sum(map(len, faster)),
        slower=cases * len(said["slower"]),
        found=sum(len(one["slower"]) for one in said["slower"]),
        seconds=_seconds(done),
        failed=len(mine) - len(done),
    )


def _seconds(done: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the median over whole repetitions: both of their comparisons together."""
    repetitions: dict[int, dict[str, float]] = {}
    for step in done:
        repetitions.setdefault(step["repetition"], {})[step["trial"]] = step["seconds"]
    whole = [sum(trials.values()) for trials in repetitions.values() if len(trials) == 2]
    return median(whole) if whole else None


def row(one: Tally) -> tuple[str, ...]:
    """Return a tally as the cells of its line."""
    return (
        one.rule,
        str(one.identical),
        str(one.alarms),
        _rate(one.alarms, one.identical, "at most", upper),
        _faster(one),
        str(one.slower),
        str(one.found),
        _rate(one.found, one.slower, "at least", lower),
        "—" if one.seconds is None else f"{one.seconds:.0f}",
        str(one.failed),
    )


def _faster(one: Tally) -> str:
    if not one.identical:
        return "—"
    return "never says" if one.faster is None else str(one.faster)


def _rate(hits: int, trials: int, words: str, bound: Any) -> str:
    if not trials:
        return "—"
    return f"{100 * hits / trials:.0f} ({words} {100 * bound(hits, trials):.1f})"


def report(header: Mapping[str, Any], tallies: Sequence[Tally]) -> str:
    """Return the whole report: how it was made, then the table."""
    machine = header["machine"]
    lines = [
        "# Tools that claim to detect a slow-down, side by side",
        "",
        f"{header['date']}, {machine['cpu']}, {machine['cores']} cores, load {machine['load']:.1f} at the "
        f"start, {machine['system']}, Python {machine['python']}.",
        "",
        ", ".join(f"{name} {version}" for name, version in header["versions"].items()) + ".",
        "",
        f"    {header['command']}",
        "",
        *PROSE,
        "",
        _line(HEADINGS),
        _line("---" if heading == HEADINGS[0] else "--:" for heading in HEADINGS),
        *(_line(row(one)) for one in tallies),
        "",
    ]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
