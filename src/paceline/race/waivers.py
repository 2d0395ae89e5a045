"""Slow-downs that a commit's author has accepted, held against the verdicts of a comparison.

A waiver holds in comparisons whose head has the commit and whose base has not, so that the next commit is
judged by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from paceline.race.compared import WORSE, Verdict
from paceline.results import acceptance
from paceline.results.acceptance import Acceptance


@dataclass(frozen=True)
class Waiver:
    """What is accepted, and the commit that says so."""

    accepted: Acceptance
    commit: str

    def holds(self, one: Verdict) -> bool:
        """Tell whether a verdict is waived."""
        return one.verdict in WORSE and self.accepted.fits((one.benchmark, one.name), one.ratio)

    @property
    def told(self) -> str:
        """Who accepted it, and why."""
        return f"{self.commit}: {self.accepted.reason}" if self.accepted.reason else self.commit


def parsed(lines: Iterable[tuple[str, str]]) -> list[Waiver]:
    """Return the waivers of (commit, text) lines."""
    return [Waiver(found, commit) for commit, text in lines if (found := acceptance.parsed(text))]


def waived(verdicts: Sequence[Verdict], waivers: Sequence[Waiver]) -> list[Verdict]:
    """Return the verdicts, those that somebody has accepted marked with who and why."""
    made = []
    for one in verdicts:
        holding = next((waiver for waiver in waivers if waiver.holds(one)), None)
        made.append(replace(one, accepted=holding.told) if holding else one)
    return made
