"""The search for the first slower commit: pure logic, told of one commit at a time.

The commits after GOOD up to BAD are numbered 0 to n - 1; GOOD is -1 and not slower, BAD is n - 1 and slower.
Each step asks for the middle one of those that are still in question, so that ceil(log2 n) answers are
enough, and one more for every commit that cannot be measured.

e1 is the log ratio of BAD to GOOD that fresh pairs confirmed, g = log(1 + threshold). A middle commit is
raced against GOOD with the threshold

    g_middle = max(g, e1 / 2)

Its verdict decides: "slower" (confirmed by fresh pairs), or "faster" and "same", which are not slower. One
that is inconclusive counts as what its estimate is nearest to: slower when e > e1 / 2. Such an answer leads
the search, but is no evidence: the commit that is found at last must be confirmed against its parent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum


class Answer(StrEnum):
    """What is said of a commit."""

    SLOWER = "slower"
    NOT_SLOWER = "not slower"
    SKIP = "skip"


@dataclass(frozen=True)
class Search:
    """Where the search stands: ``good`` is the last that is not slower, ``bad`` the first that is."""

    good: int
    bad: int
    skipped: frozenset[int] = frozenset()

    @classmethod
    def among(cls, count: int) -> Search:
        """Return the beginning of a search among so many commits, one at least."""
        if count < 1:
            raise ValueError(f"there must be a commit to find, not {count}")
        return cls(-1, count - 1)

    @property
    def asked(self) -> int | None:
        """The commit to measure next; None when the search is over."""
        open_ = self._open
        return open_[len(open_) // 2] if open_ else None

    @property
    def suspects(self) -> range:
        """The commits of which one is the first slower one."""
        return range(self.good + 1, self.bad + 1)

    @property
    def steps(self) -> int:
        """How many more answers are needed when none is "skip"."""
        return math.ceil(math.log2(len(self._open) + 1))

    def told(self, answer: Answer) -> Search:
        """Return where the search stands once it is known what the commit asked for is."""
        asked = self.asked
        if asked is None:
            raise ValueError("the search is over")
        if answer is Answer.SLOWER:
            return replace(self, bad=asked)
        if answer is Answer.NOT_SLOWER:
            return replace(self, good=asked)
        return replace(self, skipped=self.skipped | {asked})

    @property
    def _open(self) -> list[int]:
        return [number for number in range(self.good + 1, self.bad) if number not in self.skipped]


def middle_threshold(first: float, threshold: float) -> float:
    """Return the threshold for middle commits as a fraction, from e1 and the race's own threshold."""
    return math.expm1(max(math.log1p(threshold), first / 2))


def answer(verdict: str, value: float, first: float) -> Answer:
    """Return what a commit's verdict against GOOD says; ``value`` is its log ratio, ``first`` is e1."""
    if verdict == "inconclusive":
        return Answer.SLOWER if value > first / 2 else Answer.NOT_SLOWER
    return Answer.SLOWER if verdict == "slower" else Answer.NOT_SLOWER
