"""What a search for the first slower commit has found: as lines, and for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paceline.escape import plain
from paceline.race.hunt import Found, step_record
from paceline.suite.repository import Commit

MOST_SUSPECTS = 10


def lines(found: Found, author: str) -> list[str]:
    """Return what is said at the end: the commit and who wrote it, or those that are in question, and why."""
    culprit = found.culprit
    if culprit:
        one = culprit.commit
        who = f"{plain(author)}, {plain(one.date)[:10]}"
        told = culprit.told.removesuffix(f" {culprit.verdict}")
        return [f"first slower: {one.label} {plain(one.subject)} ({who})  {told}"]
    if not found.suspects:
        return [plain(found.reason, 400)]
    shown = [f"  {one.label} {plain(one.subject)}" for one in found.suspects[:MOST_SUSPECTS]]
    more = len(found.suspects) - MOST_SUSPECTS
    return [
        f"the first slower commit is one of {len(found.suspects)}: {plain(found.reason, 300)}",
        *shown,
        *([f"  and {more} more"] if more > 0 else []),
    ]


def document(found: Found, told: Mapping[str, Any], author: str) -> dict[str, Any]:
    """Return it for JSON; ``told`` is of the run: its name, machine, case, threshold and exits."""
    culprit = found.culprit
    named = None
    if culprit:
        numbers = {"ratio": culprit.ratio, "low": culprit.low, "high": culprit.high, "pairs": culprit.pairs}
        named = {**_side(culprit.commit), "author": author, "date": culprit.commit.date, **numbers}
    return {
        "schema": 1,
        **{key: told[key] for key in ("run", "machine", "case", "threshold")},
        "middle_threshold": found.threshold,
        "good": _side(found.first.against),
        "bad": _side(found.first.commit),
        "first": step_record(found.first),
        "steps": [step_record(step) for step in found.steps],
        "check": step_record(found.check) if found.check else None,
        "found": named,
        "suspects": [_side(one) for one in found.suspects],
        "reason": found.reason,
        "exits": told["exits"],
    }


def _side(commit: Commit) -> dict[str, str]:
    return {"commit": commit.hash, "label": commit.label, "subject": commit.subject}
