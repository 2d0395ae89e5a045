"""Slow-downs that a commit's author has accepted: ``Perf-accept: CASES [up to N%] [-- REASON]``.

CASES is the name of a case or of a benchmark, where ``*`` stands for anything. It is no regular expression:
messages of commits come from anybody. A waiver holds in comparisons whose head has the commit and whose base
has not, so that the next commit is judged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from paceline.race.compared import WORSE, Verdict

SHAPE = re.compile(r"(?P<cases>.+?)(?:\s+up to\s+(?P<most>\d+(?:\.\d+)?)\s*%)?(?:\s+--\s*(?P<reason>.*))?")
MOST_LETTERS = 200


@dataclass(frozen=True)
class Waiver:
    """Cases that may be slower, by how much (a fraction; None: any), and who says so."""

    cases: str
    most: float | None
    reason: str
    commit: str

    def holds(self, one: Verdict) -> bool:
        """Tell whether a verdict is waived."""
        named = self.cases in (one.benchmark, one.name) or any(
            fnmatchcase(name, self.cases) for name in (one.benchmark, one.name)
        )
        small = self.most is None or (one.ratio is not None and one.ratio <= 1.0 + self.most)
        return named and one.verdict in WORSE and small

    @property
    def told(self) -> str:
        """Who accepted it, and why."""
        return f"{self.commit}: {self.reason}" if self.reason else self.commit


def parsed(lines: Iterable[tuple[str, str]]) -> list[Waiver]:
    """Return the waivers of (commit, text) lines."""
    found = []
    for commit, text in lines:
        shape = SHAPE.fullmatch(" ".join(text.split())[:MOST_LETTERS])
        if shape:
            most = float(shape["most"]) / 100 if shape["most"] else None
            found.append(Waiver(shape["cases"], most, shape["reason"] or "", commit))
    return found


def waived(verdicts: Sequence[Verdict], waivers: Sequence[Waiver]) -> list[Verdict]:
    """Return the verdicts, those that somebody has accepted marked with who and why."""
    made = []
    for one in verdicts:
        holding = next((waiver for waiver in waivers if waiver.holds(one)), None)
        made.append(replace(one, accepted=holding.told) if holding else one)
    return made
